package compute

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// TagNote is the tag of a launch template that says what its current version holds.
const TagNote = "provision:template"

// Note is what a launch template's current version holds, as its tag keeps it. A tag's value has room for 256
// characters and a version's description for 255, so that long values are in it as a digest.
type Note struct {
	Version  int64
	Since    int64  // the oldest version that differs from this one in tags only
	Contents string // words of the form name=value, see [LaunchTemplate]
}

func (n Note) String() string {
	return fmt.Sprintf("version=%d since=%d %s", n.Version, n.Since, n.Contents)
}

// description is the note of a version that is about to be made, whose number is not known: 0 stands for it.
func (n Note) description() string {
	if n.Since == n.Version {
		n.Since = 0
	}
	n.Version = 0
	return n.String()
}

// noteOf reads a version's description; one that another tool wrote has no note.
func noteOf(version types.LaunchTemplateVersion) (n Note, ok bool) {
	n = parseNote(aws.ToString(version.VersionDescription))
	if n.Contents == "" {
		return Note{}, false
	}
	n.Version = aws.ToInt64(version.VersionNumber)
	if n.Since == 0 {
		n.Since = n.Version
	}
	return n, true
}

// Image is the AMI that the version launches; empty where the note can't be read.
func (n Note) Image() string { return word(n.Contents, "image") }

// RootDevice is that of the image; empty: as in Amazon Linux.
func (n Note) RootDevice() string { return word(n.Contents, wordDevice) }

// parseNote takes anything that it can't read for a note of version 0, which no template has: a new version is made.
func parseNote(text string) Note {
	version, rest, _ := strings.Cut(text, " ")
	since, contents, _ := strings.Cut(rest, " ")
	n := Note{Contents: contents}
	var err error
	if n.Version, err = number("version=", version); err != nil {
		return Note{}
	}
	if n.Since, err = number("since=", since); err != nil {
		return Note{}
	}
	return n
}

func number(name, word string) (int64, error) {
	digits, ok := strings.CutPrefix(word, name)
	if !ok {
		return 0, fmt.Errorf("%q does not start with %q", word, name)
	}
	return strconv.ParseInt(digits, 10, 64)
}

// word is one of a note's contents.
func word(contents, name string) string {
	for w := range strings.FieldsSeq(contents) {
		if value, ok := strings.CutPrefix(w, name+"="); ok {
			return value
		}
	}
	return ""
}
