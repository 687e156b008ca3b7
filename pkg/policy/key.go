package policy

import "strings"

// keyReads and keyWrites are what S3 asks of the key that a state is encrypted with, on behalf of who reads and writes it.
// See "Using server-side encryption with AWS KMS keys".
var (
	keyReads  = []string{"kms:Decrypt"}
	keyWrites = []string{"kms:GenerateDataKey"}
)

// key allows to use the state's key, by way of S3 only; nothing where the state has none of its own.
func (s Scope) key(sid string, actions []string) []Statement {
	if s.KMSKey == "" {
		return nil
	}
	condition := Condition{"StringLike": {"kms:ViaService": {"s3.*"}}}
	keys := s.KMSKey
	if before, alias, ok := strings.Cut(s.KMSKey, "alias/"); ok { // which is no resource that these actions know
		keys = before + "key/*"
		condition["ForAnyValue:StringEquals"] = map[string]List{"kms:ResourceAliases": {"alias/" + alias}}
	} else if !strings.Contains(keys, ":") {
		keys = "key/" + keys
	}
	if !strings.HasPrefix(keys, "arn:") {
		keys = s.arn("kms:*:" + s.Account + ":" + keys)
	}
	return []Statement{{Sid: sid, Effect: "Allow", Action: actions, Resource: []string{keys}, Condition: condition}}
}
