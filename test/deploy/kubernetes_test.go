//go:build integration && linux

package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type labels map[string]string

// manifest has the parts of Kubernetes' objects that refer to one another.
type manifest struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct {
		Name   string
		Labels labels
	}
	Data map[string]string
	Spec struct {
		Selector        yaml.Node
		ServiceName     string `yaml:"serviceName"`
		ClusterIP       string `yaml:"clusterIP"`
		SessionAffinity string `yaml:"sessionAffinity"`
		MaxUnavailable  int    `yaml:"maxUnavailable"`
		Replicas        int
		Ports           []struct {
			Name       string
			TargetPort string `yaml:"targetPort"`
		}
		Template struct {
			Metadata struct{ Labels labels }
			Spec     struct {
				Grace           int `yaml:"terminationGracePeriodSeconds"`
				SecurityContext struct {
					RunAsNonRoot bool `yaml:"runAsNonRoot"`
				} `yaml:"securityContext"`
				Containers []container
				Volumes    []struct {
					Name      string
					ConfigMap struct{ Name string } `yaml:"configMap"`
				}
			}
		}
	}
}

type container struct {
	Command, Args []string
	Ports         []struct {
		Name          string
		ContainerPort int `yaml:"containerPort"`
	}
	StartupProbe   probe `yaml:"startupProbe"`
	LivenessProbe  probe `yaml:"livenessProbe"`
	ReadinessProbe probe `yaml:"readinessProbe"`
	Lifecycle      struct {
		PreStop struct{ Sleep struct{ Seconds int } } `yaml:"preStop"`
	}
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

type probe struct{ Exec struct{ Command []string } }

// manifests are the shipped ones, by kind and name.
func manifests(t *testing.T) map[string]manifest {
	t.Helper()
	all := map[string]manifest{}
	for d := yaml.NewDecoder(strings.NewReader(ship(t, "kubernetes/bosh-server.yaml"))); ; {
		var m manifest
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if m.Kind == "" || m.APIVersion == "" || m.Metadata.Name == "" {
			t.Errorf("an object without kind, apiVersion or name: %+v", m.Metadata)
		}
		all[m.Kind+" "+m.Metadata.Name] = m
	}
}

// TestKubernetes: what the manifests say of one another fits, and of us too.
func TestKubernetes(t *testing.T) {
	t.Parallel()
	all := manifests(t)
	set, ok := all["StatefulSet bosh-server"]
	if !ok {
		t.Fatalf("there is no StatefulSet bosh-server among %v", all)
	}
	pods := set.Spec.Template.Metadata.Labels
	for name, m := range all {
		var selector labels
		switch m.Kind {
		case "Service":
			if err := m.Spec.Selector.Decode(&selector); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, p := range m.Spec.Ports {
				if p.TargetPort != set.Spec.Template.Spec.Containers[0].Ports[0].Name {
					t.Errorf("%s: no container has a port %q", name, p.TargetPort)
				}
			}
		case "StatefulSet", "PodDisruptionBudget":
			var s struct {
				MatchLabels labels `yaml:"matchLabels"`
			}
			if err := m.Spec.Selector.Decode(&s); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			selector = s.MatchLabels
		case "ConfigMap":
			continue
		default:
			t.Errorf("%s: what is it for?", name)
		}
		if !maps.Equal(selector, pods) {
			t.Errorf("%s selects %v, and the pods have %v", name, selector, pods)
		}
	}
	if s := all["Service "+set.Spec.ServiceName]; s.Spec.ClusterIP != "None" {
		t.Errorf("the StatefulSet's Service %q is not one without an address", set.Spec.ServiceName)
	}
	if s := all["Service bosh-server"]; s.Spec.SessionAffinity != "ClientIP" {
		t.Errorf("sessionAffinity is %q, want ClientIP", s.Spec.SessionAffinity)
	}
	if b, ok := all["PodDisruptionBudget bosh-server"]; !ok || b.Spec.MaxUnavailable >= set.Spec.Replicas {
		t.Errorf("all %d pods may be evicted at once", set.Spec.Replicas)
	}
	wantPod(t, &set, all)
}

// wantPod runs what a pod runs.
func wantPod(t *testing.T, set *manifest, all map[string]manifest) {
	t.Helper()
	pod := set.Spec.Template.Spec
	c := pod.Containers[0]
	if !pod.SecurityContext.RunAsNonRoot {
		t.Error("the pod may run as root")
	}
	if len(pod.Volumes) != 1 || len(c.VolumeMounts) != 1 || pod.Volumes[0].Name != c.VolumeMounts[0].Name {
		t.Fatalf("volumes %v, mounted %v: want one", pod.Volumes, c.VolumeMounts)
	}
	dir := t.TempDir()
	for name, text := range all["ConfigMap "+pod.Volumes[0].ConfigMap.Name].Data {
		write(t, filepath.Join(dir, name), text)
	}
	var args []string
	for _, a := range append(c.Command[1:], c.Args...) {
		args = append(args, strings.Replace(a, c.VolumeMounts[0].MountPath, dir, 1))
	}
	if out, err := exec.Command(serverBinary, append(args, "--check-config")...).CombinedOutput(); err != nil {
		t.Errorf("the server does not take its settings: %v\n%s", err, out)
	}
	settings, err := exec.Command(serverBinary, append(args, "--print-config")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var drain int
	for line := range bytes.Lines(settings) {
		_, _ = fmt.Sscanf(strings.TrimSpace(string(line)), "drain_timeout %d", &drain)
	}
	if least := drain + c.Lifecycle.PreStop.Sleep.Seconds; drain == 0 || pod.Grace <= least {
		t.Errorf("terminationGracePeriodSeconds is %d, and preStop and draining take %d (drain_timeout %d)", pod.Grace, least, drain)
	}

	admin := freeAddress(t)
	probes := map[string]probe{"startup": c.StartupProbe, "liveness": c.LivenessProbe, "readiness": c.ReadinessProbe}
	p := start(t, "bosh-server", exec.Command(serverBinary, append(args, "--host=127.0.0.1", "--port=0", "--admin="+admin)...))
	p.waitLine(t, startedLine)
	for name, p := range probes {
		check := p.Exec.Command
		if len(check) != 2 || check[0] != c.Command[0] || !bytes.Contains(settings, []byte("127.0.0.1:9280")) {
			t.Fatalf("the %s probe is %q, and --admin %s", name, check, settings)
		}
		if out, err := exec.Command(serverBinary, strings.Replace(check[1], "127.0.0.1:9280", admin, 1)).CombinedOutput(); err != nil {
			t.Errorf("the %s probe fails: %v\n%s", name, err, out)
		}
	}
}
