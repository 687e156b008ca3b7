package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// bashHelpers are what cobra's script takes from the package bash-completion, for shells that do not have it: there each
// Tab would end in "command not found".
const bashHelpers = `# What this script needs of the package bash-completion, where that is not there.
if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        local line=${COMP_LINE:0:COMP_POINT}
        read -ra words <<<"$line"
        [[ $line == *[[:space:]] ]] && words+=("")
        cword=$((${#words[@]} - 1))
        cur=${words[cword]} prev=${words[cword > 0 ? cword - 1 : 0]}
    }
fi
if ! declare -F __ltrim_colon_completions >/dev/null; then
    __ltrim_colon_completions() {
        [[ $1 == *:* && $COMP_WORDBREAKS == *:* ]] || return 0
        local before=${1%"${1##*:}"} i
        for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$before"}; done
    }
fi

`

// StandAlone makes the script for bash one that needs nothing else.
func StandAlone(bash *cobra.Command, out io.Writer) {
	script := bash.RunE
	bash.RunE = func(cmd *cobra.Command, args []string) error {
		if _, err := io.WriteString(out, bashHelpers); err != nil {
			return err
		}
		return script(cmd, args)
	}
	before, after, _ := strings.Cut(bash.Long, "This script depends on")
	_, after, _ = strings.Cut(after, "\n\n")
	bash.Long = before + after
}
