package release

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const root = "../.."

// goreleaser has the parts of the configuration that name the project's code or files.
type goreleaser struct {
	Before struct {
		Hooks []string `yaml:"hooks"`
	} `yaml:"before"`
	Builds []struct {
		Main    string   `yaml:"main"`
		Ldflags string   `yaml:"ldflags"`
		Goos    []string `yaml:"goos"`
		Goarch  []string `yaml:"goarch"`
	} `yaml:"builds"`
	Archives []struct {
		Files []releasedFile `yaml:"files"`
	} `yaml:"archives"`
	Packages []struct {
		Contents []releasedFile `yaml:"contents"`
	} `yaml:"nfpms"`
	Casks []struct {
		Completions map[string]string `yaml:"completions"`
		Manpages    []string          `yaml:"manpages"`
	} `yaml:"homebrew_casks"`
}

type releasedFile struct {
	Src string `yaml:"src"`
	Dst string `yaml:"dst"`
}

func readGoreleaser(t *testing.T) goreleaser {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var g goreleaser
	if err := yaml.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// Each file that goes into an archive or a package is in the repository, or made by a hook before.
func TestReleasedFilesAreThere(t *testing.T) {
	g := readGoreleaser(t)
	wanted := slices.Concat(g.archived(), g.packaged())
	if len(wanted) < 8 {
		t.Fatalf("only %v are released", wanted)
	}
	hooks := strings.Join(g.Before.Hooks, "\n")
	for _, one := range wanted {
		file := one.Src
		if folder, made := strings.CutPrefix(filepath.Dir(file), ".release/"); made {
			if !strings.Contains(hooks, ".release/"+folder+"/provision.$s") && !strings.Contains(hooks, "-man ../../.release/"+folder) {
				t.Errorf("no hook makes %s", file)
			}
			continue
		}
		if found, err := filepath.Glob(filepath.Join(root, file)); err != nil || len(found) == 0 {
			t.Errorf("there is no %s", file)
		}
	}
}

func (g goreleaser) archived() (files []releasedFile) {
	for _, archive := range g.Archives {
		files = append(files, archive.Files...)
	}
	return files
}

func (g goreleaser) packaged() (files []releasedFile) {
	for _, p := range g.Packages {
		files = append(files, p.Contents...)
	}
	return files
}

// The cask names files by where they are in the archive.
func TestCaskNamesWhatIsInTheArchive(t *testing.T) {
	g := readGoreleaser(t)
	folders := map[string]bool{}
	for _, file := range g.archived() {
		folders[file.Dst] = true
	}
	for _, cask := range g.Casks {
		files := slices.AppendSeq(cask.Manpages, maps.Values(cask.Completions))
		if len(files) < 4 {
			t.Errorf("the cask has only %v", files)
		}
		for _, file := range files {
			if folder := filepath.Dir(file); folder == "." || !folders[folder] {
				t.Errorf("the archive has no folder for %s", file)
			}
		}
	}
}

// The hooks and the linker name code, and report none that is missing: the linker ignores an unknown variable, and so
// does `go test` an unknown test.
func TestReleaseNamesCodeThatIsThere(t *testing.T) {
	g := readGoreleaser(t)
	if len(g.Builds) != 1 || len(g.Builds[0].Goos)*len(g.Builds[0].Goarch) != 6 {
		t.Fatalf("the program is built as %+v", g.Builds)
	}
	build := g.Builds[0]
	variable := regexp.MustCompile(`-X main\.(\w+)=`).FindStringSubmatch(build.Ldflags)
	if variable == nil {
		t.Fatalf("no version is set: %s", build.Ldflags)
	}
	hooks := strings.Join(g.Before.Hooks, "\n")
	for what, pattern := range map[string]string{
		"the variable of the version": `(?m)^var ` + variable[1] + `\b.*`,
		"the flag for man pages":      `flag\.String\("man"`,
		"the test that writes them":   `(?m)^func Test\w*ManPagesReference\w*\(`,
	} {
		if !anyFileHas(t, filepath.Join(root, build.Main, "*.go"), pattern) {
			t.Errorf("%s is not in %s: nothing there is like %s", what, build.Main, pattern)
		}
	}
	if !strings.Contains(hooks, "-run ManPagesReference") || !strings.Contains(hooks, "completion $s") {
		t.Errorf("the hooks are others than these tests take them for:\n%s", hooks)
	}
}

func anyFileHas(t *testing.T, files, pattern string) bool {
	t.Helper()
	paths, err := filepath.Glob(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(pattern).Match(text) {
			return true
		}
	}
	return false
}
