package verdict

import "slices"

// Verdict is how a region is, in a word or two.
type Verdict string

// The verdicts, the worst first. A region has the worst of those that hold for it.
const (
	Unknown   Verdict = "unknown"   // it could not be read, or not all of it
	Foreign   Verdict = "another's" // a stack of this name is there that belongs to another owner
	Unhealthy Verdict = "unhealthy" // fewer targets are healthy than are wanted, or nothing keeps them so
	NotThere  Verdict = "not there" // nothing of the stack is there
	Differing Verdict = "differs"   // `up` would change something, or names what is not its own to change
	Starting  Verdict = "starting"  // as wanted, and not ready yet
	AsWanted  Verdict = "as wanted" // compared, and healthy
)

// Tone is what a verdict means to who reads it; a terminal makes a colour of it, and a page a class.
type Tone string

// The tones.
const (
	Bad     Tone = "bad"
	Warning Tone = "warning"
	Change  Tone = "change"
	Busy    Tone = "busy"
	Faint   Tone = "faint"
	Good    Tone = "good"
)

// Exit codes of a verdict with --detailed-exitcode; docs/reference/exit-codes.md has them all.
const (
	codeGood       = 0
	codeUnreadable = 1
	codeDiffers    = 2
	codeUnhealthy  = 7
)

// look is how a verdict is shown, and what a script is told.
type look struct {
	verdict Verdict
	symbol  string
	tone    Tone
	code    int
}

// table is the order of the verdicts, the worst first, and their looks. No meaning is in the tone alone.
var table = []look{
	{Unknown, "?", Bad, codeUnreadable},
	{Foreign, "!", Bad, codeDiffers},
	{Unhealthy, "✗", Bad, codeUnhealthy},
	{NotThere, "–", Faint, codeDiffers},
	{Differing, "~", Change, codeDiffers},
	{Starting, "…", Busy, codeUnhealthy},
	{AsWanted, "✓", Good, codeGood},
}

// All are the verdicts, the worst first.
func All() []Verdict {
	all := make([]Verdict, len(table))
	for i, l := range table {
		all[i] = l.verdict
	}
	return all
}

func (v Verdict) look() look {
	if i := slices.IndexFunc(table, func(l look) bool { return l.verdict == v }); i >= 0 {
		return table[i]
	}
	return table[0] // an unknown word means Unknown
}

// Symbol stands before the word, one column wide.
func (v Verdict) Symbol() string { return v.look().symbol }

// Tone is the verdict's tone.
func (v Verdict) Tone() Tone { return v.look().tone }

// Code is the exit code of `status` and `plan` with --detailed-exitcode.
func (v Verdict) Code() int { return v.look().code }

// Worst of several verdicts; of none it is [Unknown], since nothing was looked at.
func Worst(all ...Verdict) Verdict {
	for _, l := range table {
		if slices.Contains(all, l.verdict) {
			return l.verdict
		}
	}
	return Unknown
}

// Code is the exit code of several regions: unreadable before unhealthy before different.
func Code(all ...Verdict) int {
	codes := make([]int, 0, len(all))
	for _, v := range all {
		codes = append(codes, v.Code())
	}
	for _, code := range []int{codeUnreadable, codeUnhealthy, codeDiffers} {
		if slices.Contains(codes, code) {
			return code
		}
	}
	if len(all) == 0 {
		return codeUnreadable
	}
	return codeGood
}
