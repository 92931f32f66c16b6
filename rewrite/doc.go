// SPDX-License-Identifier: BSD-3-Clause

// Package rewrite turns plans into small text edits. Nothing is ever
// reprinted from syntax trees: comments, error blocks and formatting survive
// byte for byte.
package rewrite
