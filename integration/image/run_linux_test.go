package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The program runs as the image's user on a root that this user can't write to, and refuses to write to an account that
// was not named.
func TestImageRuns(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may change the root folder, which stands in for a container here")
	}
	final := readFinal(t)
	folder, _ := writeImage(t, final)
	root := unpack(t, folder)
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"version", 0, "provision "},
		{"config schema", 0, "provision.yaml"},
		{"up --regions eu-west-1 --yes", 4, "PROVISION_ACCOUNT"},
		{"down --regions eu-west-1 --yes", 4, "PROVISION_ACCOUNT"},
		{"iam bootstrap --github org/repo --environment production --regions eu-west-1 --yes", 4, "PROVISION_ACCOUNT"},
		{"up --sandbox --regions eu-west-1 --yes", 1, "permission denied"},
	} {
		t.Run(c.args, func(t *testing.T) {
			out, code := runIn(t, root, final, strings.Fields(c.args)...)
			if code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("exit code %d, wanted %d and %q:\n%s", code, c.code, c.says, out)
			}
		})
	}
}

func runIn(t *testing.T, root string, final Final, args ...string) (out string, code int) {
	t.Helper()
	id, err := strconv.ParseUint(strings.Split(final.User, ":")[0], 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), final.Entrypoint[0], append(final.Entrypoint[1:], args...)...)
	cmd.Dir = final.WorkDir
	for name, value := range final.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Chroot: root, Credential: &syscall.Credential{Uid: uint32(id), Gid: uint32(id)},
	}
	text, err := cmd.CombinedOutput()
	failed, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
	case ended:
		code = failed.ExitCode()
	default:
		t.Fatal(err)
	}
	return string(text), code
}

// unpack follows the layout's digests to the layer, as a container engine does.
func unpack(t *testing.T, folder string) string {
	t.Helper()
	var index struct{ Manifests []Descriptor }
	text, err := os.ReadFile(filepath.Join(folder, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Layers []Descriptor }
	if err := json.Unmarshal(blobOf(t, folder, index.Manifests[0]), &manifest); err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(blobOf(t, folder, manifest.Layers[0])))
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.MkdirTemp("", "image") // t.TempDir can't be entered by others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(zip); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatal(err)
		}
		place(t, filepath.Join(root, filepath.FromSlash(header.Name)), header, files)
	}
}

func place(t *testing.T, path string, header *tar.Header, content io.Reader) {
	t.Helper()
	if header.Typeflag == tar.TypeDir {
		if err := os.MkdirAll(path, header.FileInfo().Mode().Perm()); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, header.FileInfo().Mode().Perm()); err != nil {
		t.Fatal(err)
	}
}

func blobOf(t *testing.T, folder string, d Descriptor) []byte {
	t.Helper()
	blob, err := os.ReadFile(filepath.Join(folder, "blobs", "sha256", strings.TrimPrefix(d.Digest, "sha256:")))
	if err != nil {
		t.Fatal(err)
	}
	if got := digest(blob); got != d.Digest || int64(len(blob)) != d.Size {
		t.Fatalf("the blob has %d bytes and %s, wanted %+v", len(blob), got, d)
	}
	return blob
}
