package kubernetes

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// strictly reads one document into the type that Kubernetes has for it. A field that the type lacks is an error, as it is
// for kubectl.
func strictly(t *testing.T, document []byte, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(document, into); err != nil {
		t.Fatalf("%v in\n%s", err, document)
	}
}

// documents are those of a manifest, by their kind.
func documents(t *testing.T, path string) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var what struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal(document, &what); err != nil {
			t.Fatal(err)
		}
		all[what.APIVersion+" "+what.Kind] = document
	}
	return all
}

// The manifest is what Kubernetes' own types say that it may be, and an Indexed Job whose pods learn how many they are.
func TestKubernetesJob(t *testing.T) {
	all := documents(t, "../../examples/kubernetes/job.yaml")
	var account core.ServiceAccount
	var job batch.Job
	strictly(t, all["v1 ServiceAccount"], &account)
	strictly(t, all["batch/v1 Job"], &job)
	if len(all) != 2 {
		t.Errorf("the manifest has %d kinds", len(all))
	}
	spec, pod := job.Spec, job.Spec.Template.Spec
	if *spec.CompletionMode != batch.IndexedCompletion || *spec.Completions != *spec.Parallelism || spec.BackoffLimitPerIndex == nil {
		t.Errorf("it is no Indexed Job whose pods all run at once: %+v", spec)
	}
	// The API server wants this of a pod failure policy.
	if spec.PodFailurePolicy != nil && pod.RestartPolicy != core.RestartPolicyNever {
		t.Errorf("restartPolicy is %s", pod.RestartPolicy)
	}
	container := pod.Containers[0]
	shards := slices.IndexFunc(container.Env, func(e core.EnvVar) bool { return e.Name == "PROVISION_SHARDS" })
	if shards < 0 || container.Env[shards].Value != strconv.Itoa(int(*spec.Completions)) {
		t.Errorf("the pods do not learn that they are %d: %v", *spec.Completions, container.Env)
	}
	for _, rule := range spec.PodFailurePolicy.Rules {
		if rule.OnExitCodes != nil && *rule.OnExitCodes.ContainerName != container.Name {
			t.Errorf("no container is called %s", *rule.OnExitCodes.ContainerName)
		}
	}
	if pod.ServiceAccountName != account.Name || job.Namespace != account.Namespace {
		t.Errorf("the Job's service account is %s/%s, and there is %s/%s", job.Namespace, pod.ServiceAccountName, account.Namespace, account.Name)
	}
	mount, volume := container.VolumeMounts[0], pod.Volumes[0]
	if mount.Name != volume.Name || volume.ConfigMap == nil || !mount.ReadOnly {
		t.Errorf("the settings are not mounted: %+v of %+v", mount, volume)
	}
}

// The pods meet the "restricted" Pod Security Standard, and can write nowhere.
func TestKubernetesJobIsRestricted(t *testing.T) {
	var job batch.Job
	strictly(t, documents(t, "../../examples/kubernetes/job.yaml")["batch/v1 Job"], &job)
	pod := job.Spec.Template.Spec
	if c := pod.SecurityContext; !*c.RunAsNonRoot || *c.RunAsUser == 0 || c.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault {
		t.Errorf("the pod's security context is %+v", c)
	}
	for _, container := range pod.Containers {
		c := container.SecurityContext
		if *c.AllowPrivilegeEscalation || !*c.ReadOnlyRootFilesystem || !slices.Contains(c.Capabilities.Drop, "ALL") || c.Capabilities.Add != nil {
			t.Errorf("the security context of %s is %+v", container.Name, c)
		}
		if container.Resources.Limits.Memory().IsZero() || container.Resources.Requests.Cpu().IsZero() {
			t.Errorf("%s has the resources %+v", container.Name, container.Resources)
		}
	}
	if *pod.AutomountServiceAccountToken {
		t.Error("the pods can talk to Kubernetes")
	}
}

// The findings of a strict reading, so that the tests above can't pass on anything.
func TestStrictReadingFindsMistakes(t *testing.T) {
	for _, mistake := range []string{
		"spec: {completionsMode: Indexed}",
		"spec: {completions: four}",
		"spec: {template: {spec: {containers: [{name: a, readOnlyRootFilesystem: true}]}}}",
		"spec: {completions: 4, completions: 5}",
	} {
		if err := yaml.UnmarshalStrict([]byte("apiVersion: batch/v1\nkind: Job\n"+mistake), &batch.Job{}); err == nil {
			t.Errorf("%s passes", mistake)
		}
	}
}
