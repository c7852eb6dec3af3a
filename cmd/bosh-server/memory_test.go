package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestMachineMemory(t *testing.T) {
	const (
		mib     = 1 << 20
		meminfo = "MemTotal:        2097152 kB\nMemFree:          100 kB\n"
	)
	for name, c := range map[string]struct {
		files map[string]string
		want  uint64
		from  string
	}{
		"nothing is known":   {nil, 0, ""},
		"a machine":          {map[string]string{"proc/meminfo": meminfo}, 2048 * mib, "the machine"},
		"no such line":       {map[string]string{"proc/meminfo": "MemFree: 1 kB\n"}, 0, ""},
		"an impossible line": {map[string]string{"proc/meminfo": "MemTotal: much\n"}, 0, ""},
		"version 2, without a limit": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/system.slice/bosh.service\n", "sys/fs/cgroup/system.slice/bosh.service/memory.max": "max\n",
		}, 2048 * mib, "the machine"},
		"version 2": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/system.slice/bosh.service\n", "sys/fs/cgroup/system.slice/bosh.service/memory.max": "536870912\n",
		}, 512 * mib, "its cgroup"},
		"version 2, a limit around it": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b/c\n", "sys/fs/cgroup/a/b/c/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "268435456\n",
		}, 256 * mib, "its cgroup"},
		"version 2, a container": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "134217728\n",
		}, 128 * mib, "its cgroup"},
		"more than the machine has": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "99999999999\n",
		}, 2048 * mib, "the machine"},
		"version 1": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu:/x\n4:hugetlb,memory:/docker/1234\n0::/\n",
			"sys/fs/cgroup/memory/docker/1234/memory.limit_in_bytes": "1073741824\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		}, 1024 * mib, "its cgroup"},
		"version 1, a container that knows its host's path": {map[string]string{
			"proc/meminfo": meminfo, "proc/self/cgroup": "4:memory:/docker/1234\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "67108864\n",
		}, 64 * mib, "its cgroup"},
		"nonsense": {map[string]string{"proc/self/cgroup": "x\n0::\n", "sys/fs/cgroup/memory.max": "-1\n"}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := fstest.MapFS{}
			for file, text := range c.files {
				root[file] = &fstest.MapFile{Data: []byte(text)}
			}
			if got, from := machineMemory(root); got != c.want || from != c.from {
				t.Errorf("%d of %q, want %d of %q", got, from, c.want, c.from)
			}
		})
	}
}

// Three quarters unless told otherwise; 0 is off; and what is in force is shown.
func TestMaxMemoryDefault(t *testing.T) {
	before := thisMachine
	t.Cleanup(func() { thisMachine = before })
	for _, c := range []struct {
		meminfo, arg string
		want         uint64 // MiB
		shown        string
	}{
		{"MemTotal: 2097152 kB\n", "", 1536, "1536 default: three quarters of what the machine has"},
		{"MemTotal: 2097152 kB\n", "--max-memory=0", 0, "0 command line"},
		{"MemTotal: 2097152 kB\n", "--max-memory=100", 100, "100 command line"},
		{"", "", 0, "0 default: what there is can't be known"},
	} {
		thisMachine = fstest.MapFS{"proc/meminfo": {Data: []byte(c.meminfo)}}
		s, err := parse(t, strings.Fields(c.arg)...)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := s.proxyConfig(nil)
		if err != nil {
			t.Fatal(err)
		}
		if cfg.MemoryMax != c.want<<20 {
			t.Errorf("%q: %d, want %d MiB", c.arg, cfg.MemoryMax, c.want)
		}
		var text strings.Builder
		if err := s.printConfig(&text); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), "max_memory "+c.shown+" ") {
			t.Errorf("%q: no %q in %s", c.arg, c.shown, text.String())
		}
		for _, row := range cfg.Settings {
			if row.Name == "max_memory" && row.Value+" "+row.Source != c.shown {
				t.Errorf("%q: %+v", c.arg, row)
			}
		}
	}
}
