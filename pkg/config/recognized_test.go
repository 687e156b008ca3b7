package config

import "testing"

func TestRecognized(t *testing.T) {
	for text, want := range map[string]bool{
		"version: 1\n":                  true,
		"# mine\n\nname: web\n":         true, // version may be left out
		"defaults: {network: {azs: 9}}": true,
		"":                              false,
		"my notes\n":                    false,
		"note: x\n  name: web\n":        false,
		"{\n  \"version\": 1,\n}\n":     false, // a state, or a saved plan
		"{\"time\":\"x\",\"name\":1}\n": false, // a log
		"name\n":                        false,
	} {
		if got := Recognized([]byte(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
