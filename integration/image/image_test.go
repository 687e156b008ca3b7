package image

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	root    = "../.."
	maxSize = 20 << 20 // bytes, as a registry counts them: compressed
)

// scratch is a folder for what the tests share.
var scratch string

func TestMain(m *testing.M) {
	code := 1
	if folder, err := os.MkdirTemp("", "provision-image"); err == nil {
		scratch = folder
		code = m.Run()
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// compiles is the build stage's command: its flags, and the linker's settings after the version.
var compiles = regexp.MustCompile(
	`CGO_ENABLED=0 .*\n +go build ([^"]*) -ldflags "(.*) -X main\.release=\$VERSION" -o /provision \./cmd/provision\n`)

// built is the program as the build stage compiles it, for this machine's architecture.
var built = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		return "", err
	}
	command := compiles.FindSubmatch(text)
	if command == nil {
		return "", fmt.Errorf("the Dockerfile does not compile the program by: %s", compiles)
	}
	program := filepath.Join(scratch, "provision")
	flags := append(strings.Fields(string(command[1])), "-ldflags", string(command[2]), "-o", program)
	build := exec.Command("go", append(append([]string{"build"}, flags...), "./cmd/provision")...)
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
})

func readFinal(t *testing.T) Final {
	t.Helper()
	final, err := ReadFinal(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	return final
}

// The image has two files and no privileges, and requires that an account is named.
func TestDockerfile(t *testing.T) {
	final := readFinal(t)
	want := Final{
		From: "scratch",
		Copies: []Copy{
			{"build", "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/"},
			{"build", "/provision", "/provision"},
		},
		Env:  map[string]string{"PROVISION_REQUIRE_ACCOUNT": "1", "HOME": "/work"},
		User: "65532:65532", WorkDir: "/work", Entrypoint: []string{"/provision"},
	}
	if diff := cmp.Diff(want, final); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadFinalKnowsEveryInstruction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Dockerfile")
	for _, text := range []string{"FROM scratch\nRUN true\n", "FROM scratch\nCOPY . /\n", "FROM scratch\nENTRYPOINT sh\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if final, err := ReadFinal(path); err == nil {
			t.Errorf("%q was read as %+v", text, final)
		}
	}
}

// The size is what is stored and pulled. Unpacked, it is the program's (see `make size`) and that of the certificates.
func TestImageIsSmall(t *testing.T) {
	_, size := writeImage(t, readFinal(t))
	t.Logf("%.1f MB", float64(size)/(1<<20))
	if size > maxSize {
		t.Errorf("the image has %d bytes, and may have %d", size, maxSize)
	}
}

// writeImage builds the program with the Dockerfile's own flags and puts the image together.
func writeImage(t *testing.T, final Final) (folder string, size int64) {
	t.Helper()
	if testing.Short() {
		t.Skip("compiling the program without cgo takes minutes the first time")
	}
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"/provision": program, "/etc/ssl/certs/ca-certificates.crt": certificates(t)}
	written.Do(func() {
		written.size, written.err = WriteLayout(filepath.Join(scratch, "image"), final, files)
	})
	if written.err != nil {
		t.Fatal(written.err)
	}
	return filepath.Join(scratch, "image"), written.size
}

// written is the image that the tests share: the race detector makes compression slow.
var written struct {
	sync.Once
	size int64
	err  error
}

// certificates are this machine's, in place of the build stage's.
func certificates(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("this machine has no bundle of CA certificates to put into the image")
	return ""
}
