// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Verifies a log with the checksum database's own packages and nothing of
// ours: a tree of C2SP tlog-tiles on disk, or a receipt (C2SP tlog-proof).
//
//	checktree tree DIR VKEY [OLDER_CHECKPOINT]
//	checktree receipt FILE VKEY
//
// DIR and FILE are paths, VKEY is the text of the verifier key. Says "ok" and
// ends with 0, or says the first thing that does not hold and ends with 1.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile: 256 hashes

// openCheckpoint checks the signature and reads the three lines.
func openCheckpoint(signed []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.SplitN(opened.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// folder reads tiles from disk, under the paths of C2SP tlog-tiles, which
// leave out the height.
type folder string

func (f folder) Height() int                     { return height }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := f.read(path, tile.W)
		if err != nil {
			return nil, err
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", path)
		}
		out = append(out, data[:tile.W*tlog.HashSize])
	}
	return out, nil
}

// read takes the full one where the partial one is no longer kept.
func (f folder) read(path string, width int) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(f), path))
	if err != nil && width < 1<<height {
		whole := strings.TrimSuffix(path, fmt.Sprintf(".p/%d", width))
		return os.ReadFile(filepath.Join(string(f), whole))
	}
	return data, err
}

// entries hands each entry of the log to use.
func (f folder) entries(size int64, use func(int64, []byte) error) error {
	for first := int64(0); first < size; first += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: 1 << height}
		if size-first < 1<<height {
			tile.W = int(size - first)
		}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := f.read(path, tile.W)
		if err != nil {
			return err
		}
		for i := 0; i < tile.W; i++ {
			if len(data) < 2 {
				return fmt.Errorf("%s ends before entry %d", path, i)
			}
			length := int(data[0])<<8 | int(data[1])
			if len(data) < 2+length {
				return fmt.Errorf("%s ends within entry %d", path, i)
			}
			if err := use(first+int64(i), data[2:2+length]); err != nil {
				return err
			}
			data = data[2+length:]
		}
	}
	return nil
}

// grown is the tree as the entries make it, by no tile.
type grown struct{ hashes []tlog.Hash }

func (g *grown) ReadHashes(at []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range at {
		if i >= int64(len(g.hashes)) {
			return nil, errors.New("beyond the tree")
		}
		out = append(out, g.hashes[i])
	}
	return out, nil
}

// sameTiles compares every tile with what the entries lead to.
func (f folder) sameTiles(size int64, whole *grown) error {
	tiles := tlog.NewTiles(height, 0, size)
	for i, tile := range tiles {
		// A partial one is listed in every width that it ever had.
		if i+1 < len(tiles) && tiles[i+1].L == tile.L &&
			tiles[i+1].N == tile.N {
			continue
		}
		want, err := tlog.ReadTileData(tile, whole)
		if err != nil {
			return err
		}
		have, err := f.ReadTiles([]tlog.Tile{tile})
		if err != nil {
			return err
		}
		if !bytes.Equal(want, have[0]) {
			return fmt.Errorf("%s is not what the entries lead to", tile.Path())
		}
	}
	return nil
}

// consistent checks that the older tree is a prefix of this one.
func consistent(older, tree tlog.Tree, hashes tlog.HashReader) error {
	if older.N > tree.N {
		return errors.New("the log became shorter")
	}
	if older.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, older.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash)
}

func checkTree(dir folder, vkey, older string) (string, error) {
	signed, err := os.ReadFile(filepath.Join(string(dir), "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %v", err)
	}
	whole := &grown{}
	byTiles := tlog.TileHashReader(tree, dir)
	err = dir.entries(tree.N, func(i int64, entry []byte) error {
		added, err := tlog.StoredHashes(i, entry, whole)
		if err != nil {
			return err
		}
		whole.hashes = append(whole.hashes, added...)
		proof, err := tlog.ProveRecord(tree.N, i, byTiles)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, i,
				tlog.RecordHash(entry))
		}
		if err != nil {
			return fmt.Errorf("entry %d: %v", i, err)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	root, err := tlog.TreeHash(tree.N, whole)
	if err != nil {
		return "", err
	}
	if root != tree.Hash {
		return "", errors.New("the entries lead to another root")
	}
	if err := dir.sameTiles(tree.N, whole); err != nil {
		return "", err
	}
	if older != "" {
		signed, err := os.ReadFile(older)
		if err != nil {
			return "", err
		}
		before, err := openCheckpoint(signed, vkey)
		if err != nil {
			return "", fmt.Errorf("older checkpoint: %v", err)
		}
		if err := consistent(before, tree, byTiles); err != nil {
			return "", fmt.Errorf("older checkpoint: %v", err)
		}
	}
	return fmt.Sprintf("%d entries, root %v", tree.N, root), nil
}

// checkReceipt checks the entry that the receipt carries.
func checkReceipt(file, vkey string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	halves := strings.SplitN(string(data), "\n\n", 2)
	lines := strings.Split(halves[0], "\n")
	if len(halves) < 2 || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return "", errors.New("not a receipt")
	}
	entry, err := base64.StdEncoding.DecodeString(
		strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return "", err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint([]byte(halves[1]), vkey)
	if err != nil {
		return "", err
	}
	err = tlog.CheckRecord(proof, tree.N, tree.Hash, index,
		tlog.RecordHash(entry))
	return fmt.Sprintf("entry %d of %d", index, tree.N), err
}

func main() {
	args := append(os.Args[1:], "", "", "", "")
	var said string
	var err error
	switch args[0] {
	case "tree":
		said, err = checkTree(folder(args[1]), args[2], args[3])
	case "receipt":
		said, err = checkReceipt(args[1], args[2])
	default:
		fmt.Fprintln(os.Stderr, "usage: checktree tree|receipt PATH VKEY [OLD]")
		os.Exit(2)
	}
	if err != nil {
		fmt.Println("wrong:", err)
		os.Exit(1)
	}
	fmt.Println("ok:", said)
}
