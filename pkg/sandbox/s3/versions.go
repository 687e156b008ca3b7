package s3

import (
	"crypto/md5" //nolint:gosec // what S3 makes the ETag of an object with
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Version is one version of an object, or a delete marker.
type Version struct {
	ID       string // "null" unless versioning is on
	Marker   bool
	Body     []byte
	Headers  map[string]string // what is given back on a read: content type, metadata, checksum
	Modified time.Time
}

// nullVersion is the ID of what was written without versioning.
const nullVersion = "null"

// etag is the entity tag, quotes included. See "Object": the MD5 of what was uploaded in one part.
func (v *Version) etag() string {
	sum := md5.Sum(v.Body) //nolint:gosec // not a secret
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// current is the version that a read without a version ID gets, or nil if there is none or it is a delete marker.
func (b *Bucket) current(key string) *Version {
	versions := b.Objects[key]
	if len(versions) == 0 || versions[len(versions)-1].Marker {
		return nil
	}
	return versions[len(versions)-1]
}

// version finds a version, delete markers included; without an ID, the latest.
func (b *Bucket) version(key, id string) *Version {
	versions := b.Objects[key]
	if len(versions) == 0 {
		return nil
	}
	if id == "" {
		return versions[len(versions)-1]
	}
	for _, v := range versions {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// put adds v as the latest version of key. Unless versioning is on it takes the place of the null version.
func (b *Bucket) put(key string, v *Version) {
	if b.Versioning == versioningEnabled {
		b.Written++
		v.ID = fmt.Sprintf("%032x", b.Written)
	} else {
		v.ID = nullVersion
		b.erase(key, nullVersion)
	}
	b.Objects[key] = append(b.Objects[key], v)
}

// erase removes one version for good and says what it was, nil if there was none.
func (b *Bucket) erase(key, id string) *Version {
	gone := b.version(key, id)
	left := slices.DeleteFunc(b.Objects[key], func(v *Version) bool { return v == gone })
	if len(left) == 0 {
		delete(b.Objects, key)
	} else {
		b.Objects[key] = left
	}
	return gone
}

// remove deletes an object as a request without a version ID does: for good where versioning was never on, else by a
// delete marker, which is returned.
func (b *Bucket) remove(key string, now time.Time) *Version {
	if b.Versioning == "" {
		b.erase(key, nullVersion)
		return nil
	}
	marker := &Version{Marker: true, Modified: now}
	b.put(key, marker)
	return marker
}

// keys are the keys under a prefix that have any version, sorted as S3 lists them.
func (b *Bucket) keys(prefix string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(b.Objects)), func(key string) bool {
		return !strings.HasPrefix(key, prefix)
	})
}
