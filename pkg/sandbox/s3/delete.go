package s3

import (
	"encoding/xml"
	"errors"

	"provision/pkg/sandbox/wire"
)

// maxDeletes is how many objects one DeleteObjects may name.
const maxDeletes = 1000

type deletion struct {
	Key       string
	VersionID string `xml:"VersionId"`
	ETag      string
}

type deleted struct {
	Key           string
	VersionID     string `xml:"VersionId,omitempty"`
	Marker        bool   `xml:"DeleteMarker,omitempty"`
	MarkerVersion string `xml:"DeleteMarkerVersionId,omitempty"`
}

type notDeleted struct {
	Key, Code, Message string
	VersionID          string `xml:"VersionId,omitempty"`
}

type deleteResult struct {
	XMLName xml.Name
	Deleted []deleted    `xml:"Deleted"`
	Errors  []notDeleted `xml:"Error"`
}

// deleteObjects deletes what it can; what it can't is listed in an answer with status 200.
func deleteObjects(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	body, _, err := upload(c)
	if err != nil {
		return nil, err
	}
	var in struct {
		Objects []deletion `xml:"Object"`
		Quiet   bool
	}
	if xml.Unmarshal(body, &in) != nil || len(in.Objects) == 0 || len(in.Objects) > maxDeletes {
		return nil, malformedXML()
	}
	out := deleteResult{XMLName: xml.Name{Space: Namespace, Local: "DeleteResult"}}
	for _, d := range in.Objects {
		gone, err := bucket.take(c.World, d.Key, d.VersionID, d.ETag)
		if known, ok := errors.AsType[*wire.Error](err); ok {
			out.Errors = append(out.Errors, notDeleted{d.Key, known.Code, known.Message, d.VersionID})
			continue
		}
		if !in.Quiet {
			out.Deleted = append(out.Deleted, d.done(gone))
		}
	}
	return document(c, out)
}

// done is the entry for a deletion that worked; gone is what [Bucket.take] returned.
func (d deletion) done(gone *Version) deleted {
	entry := deleted{Key: d.Key, VersionID: d.VersionID}
	if gone != nil && gone.Marker {
		entry.Marker, entry.MarkerVersion = true, gone.ID
	}
	return entry
}
