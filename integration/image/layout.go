package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// The media types of the OCI image format.
const (
	typeIndex    = "application/vnd.oci.image.index.v1+json"
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.oci.image.config.v1+json"
	typeLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// Descriptor is how the OCI image format refers to a blob.
type Descriptor struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int64  `json:"size"`
}

// layout is a folder in the OCI image layout.
type layout string

// WriteLayout writes an image of one layer, which holds the files at their paths, and returns its size as a registry
// counts it: the bytes of manifest, configuration and compressed layer.
func WriteLayout(folder string, final Final, files map[string]string) (size int64, err error) {
	to := layout(folder)
	if err := os.MkdirAll(filepath.Join(folder, "blobs", "sha256"), 0o755); err != nil {
		return 0, err
	}
	layer, unpacked, err := pack(final, files)
	if err != nil {
		return 0, err
	}
	blob, err := to.add(typeLayer, layer)
	if err != nil {
		return 0, err
	}
	config, err := to.addJSON(typeConfig, configOf(final, unpacked))
	if err != nil {
		return 0, err
	}
	manifest, err := to.addJSON(typeManifest, map[string]any{
		"schemaVersion": 2, "mediaType": typeManifest, "config": config, "layers": []Descriptor{blob},
	})
	if err != nil {
		return 0, err
	}
	if err := to.writeJSON("oci-layout", map[string]string{"imageLayoutVersion": "1.0.0"}); err != nil {
		return 0, err
	}
	return blob.Size + config.Size + manifest.Size, to.writeJSON("index.json", map[string]any{
		"schemaVersion": 2, "mediaType": typeIndex, "manifests": []Descriptor{manifest},
	})
}

func configOf(final Final, layer string) map[string]any {
	var env []string
	for name, value := range final.Env {
		env = append(env, name+"="+value)
	}
	slices.Sort(env)
	return map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{
			"User": final.User, "Env": env, "Entrypoint": final.Entrypoint, "WorkingDir": final.WorkDir,
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{layer}},
	}
}

// pack makes the layer, and the digest of what it is unpacked. The same files make the same bytes.
func pack(final Final, files map[string]string) (layer []byte, unpacked string, err error) {
	var tarball bytes.Buffer
	out := tar.NewWriter(&tarball)
	dirs := map[string]bool{"/": true}
	for _, c := range final.Copies {
		if err := addDirs(out, dirs, path.Dir(c.target())); err != nil {
			return nil, "", err
		}
		if err := addFile(out, c.target(), files[c.target()]); err != nil {
			return nil, "", err
		}
	}
	if err := addDirs(out, dirs, final.WorkDir); err != nil {
		return nil, "", err
	}
	if err := out.Close(); err != nil {
		return nil, "", err
	}
	var compressed bytes.Buffer
	zip := gzip.NewWriter(&compressed)
	if _, err := zip.Write(tarball.Bytes()); err != nil {
		return nil, "", err
	}
	if err := zip.Close(); err != nil {
		return nil, "", err
	}
	return compressed.Bytes(), digest(tarball.Bytes()), nil
}

// target is where the file comes to be: in a folder, under its own name.
func (c Copy) target() string {
	if strings.HasSuffix(c.To, "/") {
		return c.To + path.Base(c.From)
	}
	return c.To
}

func addDirs(out *tar.Writer, done map[string]bool, dir string) error {
	if done[dir] || dir == "" || dir == "." {
		return nil
	}
	if err := addDirs(out, done, path.Dir(dir)); err != nil {
		return err
	}
	done[dir] = true
	return out.WriteHeader(&tar.Header{
		Typeflag: tar.TypeDir, Name: strings.TrimPrefix(dir, "/") + "/", Mode: 0o755, ModTime: time.Unix(0, 0),
	})
}

func addFile(out *tar.Writer, name, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	header := &tar.Header{
		Name: strings.TrimPrefix(name, "/"), Mode: int64(info.Mode().Perm()), Size: info.Size(), ModTime: time.Unix(0, 0),
	}
	if err := out.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(out, f)
	return err
}

func (l layout) add(mediaType string, blob []byte) (Descriptor, error) {
	sum := digest(blob)
	name := filepath.Join(string(l), "blobs", "sha256", strings.TrimPrefix(sum, "sha256:"))
	return Descriptor{mediaType, sum, int64(len(blob))}, os.WriteFile(name, blob, 0o600)
}

func (l layout) addJSON(mediaType string, document any) (Descriptor, error) {
	text, err := json.Marshal(document)
	if err != nil {
		return Descriptor{}, err
	}
	return l.add(mediaType, text)
}

func (l layout) writeJSON(name string, document any) error {
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(string(l), name), text, 0o600)
}

func digest(blob []byte) string {
	sum := sha256.Sum256(blob)
	return "sha256:" + hex.EncodeToString(sum[:])
}
