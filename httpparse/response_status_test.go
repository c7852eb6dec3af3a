package httpparse

import "testing"

func TestHeadStatus(t *testing.T) {
	for _, status := range []int{StatusSwitchingProtocols, StatusOK, StatusNotFound, StatusServiceUnavailable} {
		if got := NewHead(status, nil).Status(); got != status {
			t.Errorf("%d, want %d", got, status)
		}
	}
}
