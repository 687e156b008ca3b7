package state

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"provision/pkg/cloud"
)

// History implements [Store]: the versions that the bucket has of each region's part. Without versioning these are
// just the current ones.
func (s *S3) History(ctx context.Context) ([]Version, error) {
	var all []Version
	pages := s3.NewListObjectVersionsPaginator(s.api, &s3.ListObjectVersionsInput{
		Bucket: aws.String(s.bucket), ExpectedBucketOwner: account(s.owner), Prefix: aws.String(s.partsPrefix()),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if cloud.IsNoBucket(err) {
			return nil, s.missing()
		}
		if err != nil {
			return nil, fmt.Errorf("list the versions of %s: %w", s.Location(), err)
		}
		for _, v := range page.Versions {
			region := strings.TrimSuffix(path.Base(aws.ToString(v.Key)), ".json")
			all = append(all, Version{
				ID: region + "@" + aws.ToString(v.VersionId), Region: region, Time: aws.ToTime(v.LastModified),
				Current: aws.ToBool(v.IsLatest),
			})
		}
	}
	// Stable, since S3 lists the versions of a key from the latest on and its times are whole seconds.
	slices.SortStableFunc(all, func(a, b Version) int { return b.Time.Compare(a.Time) })
	return all, nil
}

// LoadVersion implements [Store].
func (s *S3) LoadVersion(ctx context.Context, id string) (Document, error) {
	region, version, ok := strings.Cut(id, "@")
	if !ok || region == "" || version == "" {
		return Document{}, fmt.Errorf("%q is not a version of the state %s: versions look like eu-west-1@…", id, s.Location())
	}
	o, err := s.getVersion(ctx, s.partKey(region), version)
	if err != nil {
		return Document{}, err
	}
	if o == nil {
		return Document{}, fmt.Errorf("the state %s has no version %s", s.Location(), id)
	}
	var p part
	err = unsealPart(s.url(s.partKey(region))+"@"+version, o.data, &p)
	return p.Document, err
}
