package fleet

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Shard is one of so many shares of a fleet, from 1. The zero value is all of it.
type Shard struct{ Index, Count int }

// ParseShard reads a share as it is written: 2/4.
func ParseShard(text string) (Shard, error) {
	index, count, ok := strings.Cut(text, "/")
	i, err := strconv.Atoi(index)
	n, err2 := strconv.Atoi(count)
	s := Shard{i, n}
	if !ok || err != nil || err2 != nil || s.check() != nil {
		return Shard{}, fmt.Errorf("%q is not a share of a fleet: write 2/4 for the second of four", text)
	}
	return s, nil
}

// JobShard is the share of a pod of a Kubernetes Indexed Job, whose index is from 0.
func JobShard(index string, count int) (Shard, error) {
	i, err := strconv.Atoi(index)
	s := Shard{i + 1, count}
	if err != nil || s.check() != nil {
		return Shard{}, fmt.Errorf("the index %q is not one of %d, counted from 0", index, count)
	}
	return s, nil
}

func (s Shard) check() error {
	if s.Index < 1 || s.Index > s.Count {
		return fmt.Errorf("there is no share %s", s)
	}
	return nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

// Of is the share of the targets, sorted.
func (s Shard) Of(targets []string) []string {
	if s == (Shard{}) {
		return slices.Sorted(slices.Values(targets))
	}
	return split(targets, s.Count)[s.Index-1]
}

// split gives each target to the shard that it ranks highest (rendezvous hashing) and that still has room. So every
// runner comes to the same shares without asking, none is larger than another by more than one's rounding, and a target
// that is added or removed leaves most others where they were.
func split(targets []string, n int) [][]string {
	shares, room := make([][]string, n), (len(targets)+n-1)/n
	for _, target := range slices.Sorted(slices.Values(targets)) {
		for _, shard := range ranking(target, n) {
			if len(shares[shard]) < room {
				shares[shard] = append(shares[shard], target)
				break
			}
		}
	}
	return shares
}

// ranking is the order of the shards for a target. It depends on nothing else, and on no version of this program.
func ranking(target string, n int) []int {
	shards, scores := make([]int, n), make([]uint64, n)
	for i := range shards {
		sum := sha256.Sum256([]byte(target + "\x00" + strconv.Itoa(i)))
		shards[i], scores[i] = i, binary.BigEndian.Uint64(sum[:])
	}
	slices.SortFunc(shards, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return shards
}
