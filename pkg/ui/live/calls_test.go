package live

import "testing"

// The numbers come first, and the nouns agree with them.
func TestCallsAreCountedInEnglish(t *testing.T) {
	for want, calls := range map[string]Calls{
		"91 API calls, 49 of them writes": {All: 91, Mutating: 49},
		"20 API calls, 1 of them a write": {All: 20, Mutating: 1},
		"20 API calls, 0 of them writes":  {All: 20},
		"1 API call, no write":            {All: 1},
		"1 API call, a write":             {All: 1, Mutating: 1},
		"8 API calls, 0 of them writes":   {All: 8, Throttled: 2},
	} {
		if got := calls.String(); got != want {
			t.Errorf("%+v: %q, want %q", calls, got, want)
		}
	}
}
