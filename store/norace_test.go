//go:build !race

package store_test

// slack is 1: promises are measured without the race detector.
const slack = 1
