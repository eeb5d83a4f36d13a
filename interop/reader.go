// reader reads a whole log with the packages that Go's own checksum database is read with (golang.org/x/mod/sumdb),
// then with tessera's fsck, and exits with 1 at the first thing that is not as they want it.
//
//	reader KEY FOLDER    KEY is the log's verifier key, FOLDER holds checkpoint and tile/
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight is that of C2SP's tlog-tiles; sumdb lets a log choose, and says it in a tile's path.
const tileHeight = 8

type folder string

func (f folder) Height() int { return tileHeight }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) entries(bundle int64, width int) ([][]byte, error) {
	tile := tlog.Tile{H: tileHeight, L: 0, N: bundle, W: width}
	path := "tile/entries/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/0/", tileHeight))
	data, err := os.ReadFile(filepath.Join(string(f), path))
	if err != nil {
		return nil, err
	}
	parsed := &api.EntryBundle{}
	return parsed.Entries, parsed.UnmarshalText(data)
}

func main() {
	if err := read(os.Args[1], folder(os.Args[2])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(key string, log folder) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return fmt.Errorf("note.NewVerifier: %w", err)
	}
	tree, err := openCheckpoint(log, verifier)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, log)
	for start := int64(0); start < tree.N; start += 1 << tileHeight {
		width := min(tree.N-start, 1<<tileHeight)
		entries, err := log.entries(start>>tileHeight, int(width))
		if err != nil {
			return fmt.Errorf("entries from %d: %w", start, err)
		}
		if int64(len(entries)) != width {
			return fmt.Errorf("entries from %d: %d of %d", start, len(entries), width)
		}
		for at, entry := range entries {
			index := start + int64(at)
			proof, err := tlog.ProveRecord(tree.N, index, hashes)
			if err != nil {
				return fmt.Errorf("tlog.ProveRecord %d: %w", index, err)
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
				return fmt.Errorf("tlog.CheckRecord %d: %w", index, err)
			}
		}
	}
	for older := int64(1); older <= tree.N; older += max(1, tree.N/97) {
		root, err := tlog.TreeHash(older, hashes)
		if err != nil {
			return fmt.Errorf("tlog.TreeHash %d: %w", older, err)
		}
		proof, err := tlog.ProveTree(tree.N, older, hashes)
		if err != nil {
			return fmt.Errorf("tlog.ProveTree %d: %w", older, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, older, root); err != nil {
			return fmt.Errorf("tlog.CheckTree %d: %w", older, err)
		}
	}
	fmt.Printf("sumdb: %d entries\n", tree.N)
	return check(log, verifier)
}

func openCheckpoint(log folder, verifier note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	signed, err := os.ReadFile(filepath.Join(string(log), "checkpoint"))
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, fmt.Errorf("note.Open: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		return tree, fmt.Errorf("origin %q is not %q", lines[0], verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return tree, err
	}
	copy(tree.Hash[:], root)
	return tree, nil
}

func check(log folder, verifier note.Verifier) error {
	root, err := filepath.Abs(string(log))
	if err != nil {
		return err
	}
	source := &client.FileFetcher{Root: (&url.URL{Path: root}).Path}
	leaves := func(bundle []byte) ([][]byte, error) {
		parsed := &api.EntryBundle{}
		if err := parsed.UnmarshalText(bundle); err != nil {
			return nil, err
		}
		hashes := make([][]byte, 0, len(parsed.Entries))
		for _, entry := range parsed.Entries {
			hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
		}
		return hashes, nil
	}
	if err := fsck.New(verifier.Name(), verifier, source, leaves, fsck.Opts{N: 2}).Check(context.Background()); err != nil {
		return fmt.Errorf("fsck: %w", err)
	}
	fmt.Println("fsck: whole")
	return nil
}
