//go:build race

package store_test

// slack is how many times longer a promise may take under the race detector.
const slack = 10
