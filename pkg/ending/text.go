package ending

import (
	"errors"
	"strings"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/foreign"
)

// Text is an error as people read it, wherever it is shown: AWS's own words first, and not what the SDK says around them.
// It is one line, whatever others wrote into it; only mistakes in the settings show the lines of the file below.
func Text(err error) string {
	text := cloud.Text(err)
	mistakes, ok := errors.AsType[config.Errors](err)
	if !ok {
		return foreign.Line(text)
	}
	before, after, found := strings.Cut(text, mistakes.Error())
	if !found {
		return foreign.Line(text)
	}
	return foreign.Line(before) + legible(mistakes).Error() + foreign.Line(after)
}

// legible are the mistakes with each part in its line.
func legible(mistakes config.Errors) config.Errors {
	all := make(config.Errors, len(mistakes))
	for i, m := range mistakes {
		m.Origin.Name, m.Setting, m.Message = foreign.Line(m.Origin.Name), foreign.Line(m.Setting), foreign.Line(m.Message)
		m.Hint, m.Excerpt = foreign.Line(m.Hint), strings.Join(foreign.Lines(strings.Split(m.Excerpt, "\t")), "\t") // tabs keep the caret in its place
		all[i] = m
	}
	return all
}
