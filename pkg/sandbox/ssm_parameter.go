package sandbox

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// A public parameter is AWS's, the same for all accounts; the sandbox has those of Amazon Linux. It has no parameters
// of the account's own.

// maxByName is how many parameters one GetParameters may name.
const maxByName = 10

type parameterView struct {
	ARN, Name, Type, Value, DataType string
	Version                          int
	LastModifiedDate                 float64
}

func ssmParameterOperations(reg *registry) {
	reg.add("ssm", "GetParameter", reads, getParameter)
	reg.add("ssm", "GetParameters", reads, getParameters)
	reg.add("ssm", "GetParametersByPath", reads, getParametersByPath)
}

func getParameter(c *call) (any, error) {
	var in struct{ Name string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	found, ok := c.parameter(in.Name)
	if !ok {
		return nil, fail("ParameterNotFound", "")
	}
	return struct{ Parameter parameterView }{found}, nil
}

func getParameters(c *call) (any, error) {
	var in struct{ Names []string }
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.Names) == 0 || len(in.Names) > maxByName {
		return nil, iamInvalid("Names", "Member must have length less than or equal to 10")
	}
	out := struct {
		Parameters        []parameterView
		InvalidParameters []string
	}{[]parameterView{}, []string{}}
	for _, name := range in.Names {
		if found, ok := c.parameter(name); ok {
			out.Parameters = append(out.Parameters, found)
			continue
		}
		out.InvalidParameters = append(out.InvalidParameters, name)
	}
	return out, nil
}

func getParametersByPath(c *call) (any, error) {
	in := struct {
		Path       string
		Recursive  bool
		MaxResults int
		NextToken  string
	}{MaxResults: maxByName}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.MaxResults < 1 || in.MaxResults > maxByName {
		return nil, iamInvalid("MaxResults", "Member must have value less than or equal to 10")
	}
	folder := strings.TrimSuffix(in.Path, "/") + "/"
	var names []string
	for _, i := range c.region.images() {
		rest, ok := strings.CutPrefix(i.Parameter, folder)
		if ok && (in.Recursive || !strings.Contains(rest, "/")) {
			names = append(names, i.Parameter)
		}
	}
	slices.Sort(names)
	start, err := readOffset(in.NextToken, len(names))
	if err != nil {
		return nil, err
	}
	end := min(start+in.MaxResults, len(names))
	out := struct {
		Parameters []parameterView
		NextToken  string `json:",omitempty"`
	}{Parameters: []parameterView{}}
	for _, name := range names[start:end] {
		found, _ := c.parameter(name) // it was listed a moment ago
		out.Parameters = append(out.Parameters, found)
	}
	if end < len(names) {
		out.NextToken = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))
	}
	return out, nil
}

// readOffset is the start of the page that a token asks for.
func readOffset(token string, most int) (int, error) {
	if token == "" {
		return 0, nil
	}
	text, err := base64.StdEncoding.DecodeString(token)
	if err == nil {
		if n, err := strconv.Atoi(string(text)); err == nil && n >= 0 && n <= most {
			return n, nil
		}
	}
	return 0, fail("InvalidNextToken", "The specified token isn't valid.")
}

// parameter is a public parameter by name or ARN.
func (c *call) parameter(name string) (parameterView, bool) {
	lead := "arn:aws:ssm:" + c.region.name + "::parameter"
	name = strings.TrimPrefix(name, lead)
	for _, i := range c.region.images() {
		if i.Parameter == name {
			released := c.region.releases()
			return parameterView{
				ARN: lead + name, Name: name, Type: "String", Value: i.ID, DataType: "text",
				Version: 1 + released, LastModifiedDate: float64(releaseDate(released).Unix()),
			}, true
		}
	}
	return parameterView{}, false
}
