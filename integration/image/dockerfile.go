package image

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
)

// Final is the content of the last stage of a Dockerfile, for the few instructions that ours has.
type Final struct {
	From       string
	Copies     []Copy // in their order
	Env        map[string]string
	User       string
	WorkDir    string
	Entrypoint []string
}

// Copy is a file that comes from an earlier stage.
type Copy struct{ Stage, From, To string }

// ReadFinal reads the last stage. An instruction that it does not know is an error, so that nothing goes unseen.
func ReadFinal(path string) (Final, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Final{}, err
	}
	var final Final
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "FROM" {
			final = Final{From: rest, Env: map[string]string{}}
			continue
		}
		if final.From != "scratch" {
			continue // an earlier stage
		}
		if err := final.read(word, rest); err != nil {
			return Final{}, fmt.Errorf("%s: %q: %w", path, line, err)
		}
	}
	return final, nil
}

func (f *Final) read(word, rest string) error {
	fields := strings.Fields(rest)
	switch word {
	case "COPY":
		stage, ok := strings.CutPrefix(fields[0], "--from=")
		if !ok || len(fields) != 3 {
			return fmt.Errorf("only one file from an earlier stage is understood")
		}
		f.Copies = append(f.Copies, Copy{Stage: stage, From: fields[1], To: fields[2]})
	case "ENV":
		env := map[string]string{}
		for _, field := range fields {
			name, value, _ := strings.Cut(field, "=")
			env[name] = value
		}
		maps.Copy(f.Env, env)
	case "USER":
		f.User = rest
	case "WORKDIR":
		f.WorkDir = rest
	case "ENTRYPOINT":
		return json.Unmarshal([]byte(rest), &f.Entrypoint)
	default:
		return fmt.Errorf("the instruction is not known here")
	}
	return nil
}
