package sandbox

import (
	"net/url"
	"strings"
	"time"
)

// roleView is a role as IAM answers it.
type roleView struct {
	Path        string        `wire:"Path"`
	Name        string        `wire:"RoleName"`
	ID          string        `wire:"RoleId"`
	ARN         string        `wire:"Arn"`
	Created     time.Time     `wire:"CreateDate"`
	Trust       string        `wire:"AssumeRolePolicyDocument"`
	Description string        `wire:"Description"`
	Session     int           `wire:"MaxSessionDuration"`
	Boundary    *boundaryView `wire:"PermissionsBoundary"`
	Tags        iamTags       `wire:"Tags>member"`
}

type boundaryView struct {
	Kind string `wire:"PermissionsBoundaryType"`
	ARN  string `wire:"PermissionsBoundaryArn"`
}

type roleAnswer struct {
	Role roleView `wire:"Role"`
}

type roleList struct {
	Roles []roleView `wire:"Roles>member"`
	iamPage
}

func (r *role) view() roleView {
	v := roleView{
		Path: r.Path, Name: r.Name, ID: r.ID, ARN: r.ARN, Created: r.Created, Trust: encodeDocument(r.Trust),
		Description: r.Description, Session: r.Session, Tags: r.Tags,
	}
	if r.Boundary != "" {
		v.Boundary = &boundaryView{Kind: "Policy", ARN: r.Boundary}
	}
	return v
}

// encodeDocument is a policy document as IAM answers it: URL-encoded by RFC 3986, where a space is %20.
func encodeDocument(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}
