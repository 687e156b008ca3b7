package stack_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/config"
	"provision/pkg/sandbox"
	"provision/pkg/signature"
	"provision/pkg/stack"
)

// A forged plan never does more than the settings say, whatever its parts say: it makes no call that changes anything.
func TestForgedPlanMakesNoCall(t *testing.T) {
	for name, forge := range map[string]func(*stack.Saved){
		"no parts":              func(v *stack.Saved) { v.Parts = []stack.Kept{} },
		"no parts at all":       func(v *stack.Saved) { v.Parts = nil },
		"one part fewer":        func(v *stack.Saved) { v.Parts = v.Parts[:len(v.Parts)-1] },
		"a part twice":          func(v *stack.Saved) { v.Parts = append(v.Parts, v.Parts[len(v.Parts)-1]) },
		"a part of nowhere":     func(v *stack.Saved) { v.Parts = append(v.Parts, stack.Kept{Region: "ap-south-1"}) },
		"no steps":              func(v *stack.Saved) { v.Parts[1].Steps = nil },
		"one step fewer":        func(v *stack.Saved) { v.Parts[1].Steps = v.Parts[1].Steps[1:] },
		"a step twice":          func(v *stack.Saved) { v.Parts[1].Steps = append(v.Parts[1].Steps, v.Parts[1].Steps[0]) },
		"another image":         func(v *stack.Saved) { v.Parts[1].Facts.AMI = "ami-0123456789abcdef0" },
		"another image's name":  func(v *stack.Saved) { v.Parts[1].Facts.Image = "mine" },
		"another root device":   func(v *stack.Saved) { v.Parts[1].Facts.RootDevice = "/dev/sdb" },
		"another address range": func(v *stack.Saved) { v.Parts[1].Facts.CIDR = "10.99.0.0/16" },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1")
				saved := w.save(t)
				forge(&saved)
				w.calls.reset()
				err := w.applySaved(t.Context(), forged(t, saved))
				if _, stale := errors.AsType[*stack.StalePlanError](err); !stale || w.calls.writes > 0 {
					t.Errorf("%d writes, error %v", w.calls.writes, err)
				}
			})
		})
	}
}

// forged is the plan after its way through a file, with a digest that fits.
func forged(t *testing.T, saved stack.Saved) stack.Saved {
	t.Helper()
	path := filepath.Join(t.TempDir(), "forged.json")
	if err := saved.Write(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	read, err := stack.ReadSaved(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// Every field of a plan but the time is compared, also those that are added after this test was written.
func TestSameComparesEveryField(t *testing.T) {
	full := func() stack.Saved {
		var v stack.Saved
		fillIn(reflect.ValueOf(&v).Elem())
		return v
	}
	same := full()
	same.Created = same.Created.Add(time.Hour)
	if err := full().Same(same); err != nil {
		t.Fatalf("a plan and itself: %v", err)
	}
	n := 0
	changed := full()
	eachLeaf(reflect.ValueOf(&changed).Elem(), "plan", func(path string, change, restore func()) {
		n++
		change()
		for way, err := range map[string]error{"then": changed.Same(full()), "now": full().Same(changed)} {
			if _, stale := errors.AsType[*stack.StalePlanError](err); !stale {
				t.Errorf("%s differs %s: %v", path, way, err)
			}
		}
		restore()
	})
	if n < 20 {
		t.Errorf("only %d fields were tried", n)
	}
}

// fillIn gives every field a value, and every list an element.
func fillIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillIn(v.Index(0))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for _, field := range v.Fields() {
			fillIn(field)
		}
	default:
		panic("a plan has a field of the kind " + v.Kind().String())
	}
}

// eachLeaf visits every value that fillIn set, and every list.
func eachLeaf(v reflect.Value, path string, visit func(path string, change, restore func())) {
	before := reflect.New(v.Type()).Elem()
	before.Set(v)
	restore := func() { v.Set(before) }
	switch v.Kind() {
	case reflect.Slice:
		visit(path+" emptied", func() { v.Set(reflect.Zero(v.Type())) }, restore)
		visit(path+" doubled", func() { v.Set(reflect.AppendSlice(v, v)) }, restore)
		eachLeaf(v.Index(0), path+"[0]", visit)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			eachLeaf(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	default:
		visit(path, func() { v.SetZero() }, restore)
	}
}

// A plan can't override the settings: it would choose the state that it is compared with.
func TestPlanBelongsToTheSettings(t *testing.T) {
	load := func(text string) *config.Config {
		path := filepath.Join(t.TempDir(), "provision.yaml")
		if err := os.WriteFile(path, []byte("version: 1\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(path, config.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	settings := load("name: web\nregions: [eu-west-1, us-east-1]\nstate: {s3: s3://example-states/prod}\n")
	good := stack.Saved{Stack: "web", Regions: []string{"eu-west-1"}, State: "s3://example-states/prod"}
	for name, c := range map[string]struct {
		forge   func(*stack.Saved)
		refused bool
	}{
		"as it is":       {func(*stack.Saved) {}, false},
		"another bucket": {func(v *stack.Saved) { v.State = "s3://attackers-states/prod" }, true},
		"another prefix": {func(v *stack.Saved) { v.State = "s3://example-states/dev" }, true},
		"a file":         {func(v *stack.Saved) { v.State = ".provision/web.json" }, true},
		"another stack":  {func(v *stack.Saved) { v.Stack = "shop" }, true},
		"another region": {func(v *stack.Saved) { v.Regions = []string{"eu-west-1", "ap-south-1"} }, true},
	} {
		v := good
		c.forge(&v)
		err := errors.Join(v.CheckStack(settings), v.CheckState(settings))
		if _, refused := errors.AsType[*stack.MisplacedPlanError](err); refused != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := load("tags: {team: web}\n")
	if err := (stack.Saved{Stack: "shop", Regions: []string{"ap-south-1"}}).CheckStack(open); err != nil {
		t.Errorf("what the settings leave open: %v", err)
	}
}

// A file with a field that this program does not know is not applied: the field could be what a reviewer saw.
func TestPlanWithAnUnknownFieldIsRefused(t *testing.T) {
	plan := `{"stack":"web","regions":["eu-west-1"],"parts":[],"only":"eu-west-1"}`
	sum := sha256.Sum256([]byte(plan))
	text := `{"format":"provision-plan","version":1,"digest":"sha256:` + hex.EncodeToString(sum[:]) + `","plan":` + plan + `}`
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := stack.ReadSaved(t.Context(), path, nil)
	if _, ok := errors.AsType[*stack.SavedError](err); !ok {
		t.Errorf("got %v", err)
	}
}

// With a verifier, only a plan that a trusted key signed is read: neither an unsigned one nor one that was changed since, even
// with a digest that fits.
func TestSignedPlan(t *testing.T) {
	w := newWorld(t, sandbox.Options{}, "eu-west-1")
	saved, dir := w.save(t), t.TempDir()
	signer, verifier := keys(t)
	stranger, _ := keys(t)
	good, unsigned, foreign := filepath.Join(dir, "good"), filepath.Join(dir, "unsigned"), filepath.Join(dir, "foreign")
	err := errors.Join(saved.Write(t.Context(), good, signer), saved.Write(t.Context(), unsigned, nil),
		saved.Write(t.Context(), foreign, stranger))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stack.ReadSaved(t.Context(), good, verifier); err != nil {
		t.Error(err)
	}
	if _, err := stack.ReadSaved(t.Context(), good, nil); err != nil {
		t.Errorf("where no signature is required: %v", err)
	}
	if _, err := stack.ReadSaved(t.Context(), unsigned, verifier); !errors.Is(err, signature.ErrUnsigned) {
		t.Errorf("unsigned: %v", err)
	}
	if _, err := stack.ReadSaved(t.Context(), foreign, verifier); !errors.Is(err, signature.ErrForeign) {
		t.Errorf("by another key: %v", err)
	}
	// The attacker puts the good signature on another plan.
	saved.Parts = nil
	changed := filepath.Join(dir, "changed")
	if err := saved.Write(t.Context(), changed, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, graft(t, good, changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := stack.ReadSaved(t.Context(), changed, verifier); !errors.Is(err, signature.ErrForeign) {
		t.Errorf("with the signature of another plan: %v", err)
	}
}

// graft is the file at to, with the signature of the file at from.
func graft(t *testing.T, from, to string) []byte {
	t.Helper()
	read := func(path string) map[string]json.RawMessage {
		text, err := os.ReadFile(path)
		fields := map[string]json.RawMessage{}
		if err == nil {
			err = json.Unmarshal(text, &fields)
		}
		if err != nil {
			t.Fatal(err)
		}
		return fields
	}
	file := read(to)
	file["signature"] = read(from)["signature"]
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func keys(t *testing.T) (signature.Signer, signature.Verifier) {
	t.Helper()
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(priv)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	signer, err := signature.ReadSigner(write("key", "PRIVATE KEY", private))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := signature.ReadVerifier(write("key.pub", "PUBLIC KEY", public))
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}
