package s3

import (
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// maxKeys is how many entries one page of a listing has at most.
const maxKeys = 1000

var listOperations = []Operation{
	{"ListObjectsV2", false, listObjects},
	{"ListObjectVersions", false, listObjectVersions},
}

// listRequest are the parameters that both listings have.
type listRequest struct {
	prefix, delimiter string
	limit             int
	encoded           bool // the answer URL-encodes keys
}

func readListRequest(req *http.Request) (listRequest, error) {
	q := req.URL.Query()
	in := listRequest{
		prefix: q.Get("prefix"), delimiter: q.Get("delimiter"), limit: maxKeys, encoded: q.Get("encoding-type") == "url",
	}
	if sent := q.Get("max-keys"); sent != "" {
		n, err := strconv.Atoi(sent)
		if err != nil || n < 0 {
			return in, wire.Fail("InvalidArgument", "Provided max-keys not an integer or within integer range")
		}
		in.limit = min(n, maxKeys)
	}
	return in, nil
}

// common is what a delimiter folds a key into, or empty.
func (in listRequest) common(key string) string {
	if in.delimiter == "" {
		return ""
	}
	rest := key[len(in.prefix):]
	if i := strings.Index(rest, in.delimiter); i >= 0 {
		return in.prefix + rest[:i+len(in.delimiter)]
	}
	return ""
}

// name is a key as the answer writes it.
func (in listRequest) name(key string) string {
	if !in.encoded {
		return key
	}
	return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
}

func (in listRequest) encoding() string {
	if in.encoded {
		return "url"
	}
	return ""
}

type commonPrefix struct{ Prefix string }

type objectEntry struct {
	Key, LastModified, ETag string
	Size                    int
	StorageClass            string
}

type objectList struct {
	XMLName     xml.Name
	Name        string
	Prefix      string
	Delimiter   string `xml:",omitempty"`
	Encoding    string `xml:"EncodingType,omitempty"`
	StartAfter  string `xml:",omitempty"`
	MaxKeys     int
	KeyCount    int
	IsTruncated bool
	Token       string         `xml:"ContinuationToken,omitempty"`
	Next        string         `xml:"NextContinuationToken,omitempty"`
	Contents    []objectEntry  `xml:"Contents"`
	Prefixes    []commonPrefix `xml:"CommonPrefixes"`
}

func listObjects(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	in, err := readListRequest(c.HTTP)
	if err != nil {
		return nil, err
	}
	q := c.HTTP.URL.Query()
	out := objectList{
		XMLName: xml.Name{Space: Namespace, Local: "ListBucketResult"}, Name: bucket.Name, MaxKeys: in.limit,
		Prefix: in.name(in.prefix), Delimiter: in.name(in.delimiter), Encoding: in.encoding(),
		StartAfter: in.name(q.Get("start-after")), Token: q.Get("continuation-token"),
	}
	last, err := base64.RawURLEncoding.DecodeString(out.Token)
	if err != nil {
		return nil, wire.Fail("InvalidArgument", "The continuation token provided is incorrect")
	}
	after := cmp.Or(string(last), q.Get("start-after"))
	for _, key := range bucket.keys(in.prefix) {
		v, common := bucket.current(key), in.common(key)
		if v == nil || key <= after || common != "" && common <= after {
			continue
		}
		if common != "" && len(out.Prefixes) > 0 && out.Prefixes[len(out.Prefixes)-1].Prefix == in.name(common) {
			continue
		}
		if out.KeyCount == in.limit {
			out.IsTruncated, out.Next = in.limit > 0, base64.RawURLEncoding.EncodeToString([]byte(after))
			break
		}
		out.KeyCount++
		if after = cmp.Or(common, key); common != "" {
			out.Prefixes = append(out.Prefixes, commonPrefix{in.name(common)})
			continue
		}
		out.Contents = append(out.Contents, objectEntry{
			in.name(key), v.Modified.UTC().Format(wire.Time), v.etag(), len(v.Body), "STANDARD",
		})
	}
	return document(c, out)
}

type versionEntry struct {
	XMLName      xml.Name // Version or DeleteMarker
	Key          string
	VersionID    string `xml:"VersionId"`
	IsLatest     bool
	LastModified string
	ETag         string `xml:",omitempty"`
	Size         *int   `xml:",omitempty"`
	StorageClass string `xml:",omitempty"`
}

type versionList struct {
	XMLName       xml.Name
	Name          string
	Prefix        string
	Encoding      string `xml:"EncodingType,omitempty"`
	KeyMarker     string
	VersionMarker string `xml:"VersionIdMarker"`
	MaxKeys       int
	IsTruncated   bool
	NextKey       string `xml:"NextKeyMarker,omitempty"`
	NextVersion   string `xml:"NextVersionIdMarker,omitempty"`
	Entries       []versionEntry
}

// listObjectVersions lists by key, and for each key the latest version first. It does not fold by a delimiter.
func listObjectVersions(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	in, err := readListRequest(c.HTTP)
	if err != nil {
		return nil, err
	}
	q := c.HTTP.URL.Query()
	if in.delimiter != "" {
		return nil, failure("NotImplemented", http.StatusNotImplemented,
			"The sandbox lists versions without a delimiter only")
	}
	out := versionList{
		XMLName: xml.Name{Space: Namespace, Local: "ListVersionsResult"}, Name: bucket.Name, MaxKeys: in.limit,
		Prefix: in.name(in.prefix), Encoding: in.encoding(),
		KeyMarker: in.name(q.Get("key-marker")), VersionMarker: q.Get("version-id-marker"),
	}
	all := bucket.entries(in, q.Get("key-marker"), out.VersionMarker)
	if out.IsTruncated = len(all) > in.limit && in.limit > 0; out.IsTruncated {
		out.NextKey, out.NextVersion = all[in.limit-1].Key, all[in.limit-1].VersionID
	}
	out.Entries = all[:min(len(all), in.limit)]
	return document(c, out)
}

// entries are all versions after a marker: those of later keys, and of the marker's key those after its version.
func (b *Bucket) entries(in listRequest, key, version string) []versionEntry {
	var out []versionEntry
	for _, k := range b.keys(in.prefix) {
		if k < key || k == key && version == "" {
			continue
		}
		versions := b.Objects[k]
		older := len(versions)
		if k == key {
			older = max(0, slices.IndexFunc(versions, func(v *Version) bool { return v.ID == version }))
		}
		for i := older - 1; i >= 0; i-- {
			out = append(out, versions[i].entry(in.name(k), i == len(versions)-1))
		}
	}
	return out
}

func (v *Version) entry(key string, latest bool) versionEntry {
	e := versionEntry{
		XMLName: xml.Name{Local: "DeleteMarker"}, Key: key, VersionID: v.ID, IsLatest: latest,
		LastModified: v.Modified.UTC().Format(wire.Time),
	}
	if !v.Marker {
		size := len(v.Body)
		e.XMLName.Local, e.ETag, e.Size, e.StorageClass = "Version", v.etag(), &size, "STANDARD"
	}
	return e
}
