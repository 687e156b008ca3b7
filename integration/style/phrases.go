package style

import (
	"regexp"
	"slices"
	"strings"
)

// phrase is a way of wording that the project avoids.
type phrase struct {
	name    string // as docs/style.md has it
	pattern *regexp.Regexp
	instead string
	example string // a passage that has it
	except  []exception
}

// exception is where a phrase is right. Each has to be in use, and says why.
type exception struct {
	path string // of the file or its folder, from the root
	in   part
	text string // that the passage has; empty: any
	why  string
}

const (
	awsAnswers = "the sandbox answers in AWS's own words"
	awsSays    = "a quotation of AWS"
	awsWords   = "it recognises AWS's own words"
)

// phrases are all of them.
var phrases = []phrase{
	{
		name: "somebody, nobody", pattern: regexp.MustCompile(`(?i)\b(some|any|no|every)(body|one)\b`),
		instead: "name the actor: another run, the lock's holder, an administrator, you",
		example: "the state is locked by somebody else",
	},
	{
		name: "is to be, are to be", pattern: regexp.MustCompile(`(?i)\b(is|are|was|were) (not )?to be\b`),
		instead: "must be, will be, or an active verb", example: "a thing that is to be removed",
	},
	{
		name: "is none of, are none of", pattern: regexp.MustCompile(`(?i)\b(is|are|was|were) none of\b`),
		instead: "does not belong to, is not one of, must be", example: `"tabel" is none of table, json, yaml`,
	},
	{
		name: "may not", pattern: regexp.MustCompile(`(?i)\bmay not\b`),
		instead: "can't, must not or might not", example: "this role may not write the state",
		except: []exception{
			{path: "pkg/sandbox", in: literal, why: awsAnswers},
			{path: "pkg/cloud/unheard.go", in: literal, why: awsWords},
			{path: "docs/aws-behaviour.md", text: "Provided Target Groups may not be valid", why: awsSays},
		},
	},
	{
		name: "beside", pattern: regexp.MustCompile(`(?i)\bbeside\b`),
		instead: "next to, alongside, in parallel with, besides", example: "it runs beside the VPC",
	},
	{
		name: "by itself", pattern: regexp.MustCompile(`(?i)\bby (itself|themselves)\b`),
		instead: "automatically, on its own", example: "the lease ends by itself",
	},
	{
		name: "go on, goes on, went on", pattern: regexp.MustCompile(`(?i)\b(go|goes|going|gone|went) on\b`),
		instead: "continue, resume", example: "the next run goes on there",
	},
	{
		name: "begin, begins, began", pattern: regexp.MustCompile(`(?i)\b(begin|begins|beginning|began|begun)\b`),
		instead: "start", example: "a region that was not begun",
		except: []exception{{path: "pkg/sandbox", in: literal, why: awsAnswers}},
	},
	{
		name: "anew", pattern: regexp.MustCompile(`(?i)\banew\b`), instead: "again", example: "it is created anew",
	},
	{
		name: "mend, mends", pattern: regexp.MustCompile(`(?i)\bmend(s|ed|ing)?\b`),
		instead: "fix, repair, update", example: "commit it with the mend",
	},
	{
		name: "what is ours", pattern: regexp.MustCompile(`(?i)\b(what is|of) ours\b`),
		instead: "the stack's resources", example: "what is ours is removed",
	},
	{
		name:    "What … is, Who … is, as the subject of a sentence",
		pattern: regexp.MustCompile(`(?:^|[.;!?] )(?:What|Whatever|Who|Whoever) [^?]*?(?:[.;!]|$)`),
		instead: "a noun as the subject, that acts", example: "What is left is gone.",
	},
	{
		name: "who comes", pattern: regexp.MustCompile(`(?i)\bwho comes\b`),
		instead: "another run, the next caller", example: "the lock makes who comes second wait",
	},
	{
		name: "say a flag", pattern: regexp.MustCompile("(?i)\\bsays? (`|\")?--?[a-z]"),
		instead: "pass", example: "say --sandbox, too",
	},
	{
		name: "make a resource",
		pattern: regexp.MustCompile(`(?i)\b(make|makes|made|making) ((a|an|the|this|that|its|one|two|each|every|all|no|any|another|your) )?` +
			`((second|new|first|whole|last) )?(` + strings.Join(created, "|") + `)s?\b`),
		instead: "create", example: "the bucket that provision makes a role for: it makes the bucket",
	},
}

// created are the nouns of what is created, not made.
var created = []string{
	"stack", "bucket", "role", "resource", "region", "VPC", "subnet", "instance", "gateway", "load balancer", "listener",
	"target group", "launch template", "template", "security group", "group", "route table", "endpoint", "elastic IP",
	"key pair", "instance profile", "volume",
}

// find is where a passage has the phrase, in bytes, or -1 if it doesn't, or is an exception.
func (p phrase) find(s passage) int {
	if slices.ContainsFunc(p.except, func(e exception) bool { return e.covers(s) }) {
		return -1
	}
	at := p.pattern.FindStringIndex(s.text)
	if at == nil {
		return -1
	}
	return at[0]
}

func (e exception) covers(s passage) bool {
	return (s.path == e.path || strings.HasPrefix(s.path, e.path+"/")) && (e.in == "" || e.in == s.in) &&
		strings.Contains(s.text, e.text)
}
