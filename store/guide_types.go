package store

import "strings"

// guideType is what one type of the Meeting Guide becomes.
type guideType struct {
	name     string // in English: some feeds write it in place of the code
	topics   []string
	language string // BCP 47
	// inPerson topics are a place's: a caller at a bridge finds no ramp.
	inPerson bool
	means    guideMeaning
}

// guideMeaning is what a type says beyond topics and languages.
type guideMeaning int

const (
	meansOpen      guideMeaning = iota + 1 // anyone may attend, also who only wants to learn or to keep company
	meansClosed                            // for those who have the problem
	meansSuspended                         // the place is closed for the time being
	meansSigned                            // an interpreter beside the spoken language, not in its stead
)

// guideTypes has every code of the specification (87 on 2026-11-20), what the
// WordPress plugin adds (ONL, which says what conference_url says already), and
// the proposed codes for people who are blind or deaf. A type without topics is
// known, and nothing that a caller would search by.
//
// Open and closed groups both have open access. "Closed" asks that whoever
// comes has the problem, and nobody at any closed meeting checks that; asking
// for a code would keep out exactly whom it is for. What it does keep out is
// visitors, so it is the open groups that are marked: somebody who is not sure,
// or comes with a friend, chooses open-to-all. A topic "closed" would only be
// one more thing to hear.
//
// Source: https://github.com/code4recovery/spec, src/types.ts.
var guideTypes = map[string]guideType{
	"11":    {name: "11th Step Meditation", topics: []string{"meditation"}},
	"12X12": {name: "12 Steps & 12 Traditions", topics: []string{"literature", "steps"}},
	"A":     {name: "Secular", topics: []string{"secular"}},
	"ABSI":  {name: "As Bill Sees It", topics: []string{"literature"}},
	"AL":    {name: "Concurrent with Alateen", topics: []string{"family"}, inPerson: true},
	"AL-AN": {name: "Concurrent with Al-Anon", topics: []string{"family"}, inPerson: true},
	"B":     {name: "Big Book", topics: []string{"big-book"}},
	"BA":    {name: "Babysitting Available", topics: []string{"child-friendly"}, inPerson: true},
	"BE":    {name: "Newcomer", topics: []string{"newcomers"}},
	"BI":    {name: "Bisexual", topics: []string{"lgbtq"}},
	"BRK":   {name: "Breakfast"},
	"BV-I":  {name: "Blind / Visually Impaired", topics: []string{"blind"}},
	"C":     {name: "Closed", means: meansClosed},
	"CAN":   {name: "Candlelight"},
	"CF":    {name: "Child-Friendly", topics: []string{"child-friendly"}, inPerson: true},
	"D":     {name: "Discussion", topics: []string{"discussion"}},
	"D-HOH": {name: "Deaf / Hard of Hearing", topics: []string{"deaf"}, inPerson: true},
	"DB":    {name: "Digital Basket"},
	"DD":    {name: "Dual Diagnosis", topics: []string{"dual-diagnosis"}},
	"DR":    {name: "Daily Reflections", topics: []string{"literature"}},
	"FF":    {name: "Fragrance Free"},
	"G":     {name: "Gay", topics: []string{"lgbtq"}},
	"GR":    {name: "Grapevine", topics: []string{"literature"}},
	"H":     {name: "Birthday"},
	"L":     {name: "Lesbian", topics: []string{"lgbtq"}},
	"LGBTQ": {name: "LGBTQ", topics: []string{"lgbtq"}},
	"LIT":   {name: "Literature", topics: []string{"literature"}},
	"LS":    {name: "Living Sober", topics: []string{"literature"}},
	"M":     {name: "Men", topics: []string{"men"}},
	"MED":   {name: "Meditation", topics: []string{"meditation"}},
	"N":     {name: "Native American", topics: []string{"indigenous"}},
	"NB":    {name: "Non-Binary", topics: []string{"lgbtq", "transgender"}},
	"NDG":   {name: "Indigenous", topics: []string{"indigenous"}},
	"O":     {name: "Open", topics: []string{topicOpenToAll}, means: meansOpen},
	"ONL":   {name: "Online Meeting"},
	"OUT":   {name: "Outdoor"},
	"P":     {name: "Professionals", topics: []string{"professionals"}},
	"POA":   {name: "Proof of Attendance", topics: []string{"proof-of-attendance"}},
	"POC":   {name: "People of Color", topics: []string{"people-of-color"}},
	"SEN":   {name: "Seniors", topics: []string{"seniors"}},
	"SM":    {name: "Smoking Permitted"},
	"SP":    {name: "Speaker", topics: []string{"speaker"}},
	"ST":    {name: "Step Study", topics: []string{"steps"}},
	"T":     {name: "Transgender", topics: []string{"lgbtq", "transgender"}},
	"TC":    {name: "Location Temporarily Closed", means: meansSuspended},
	"TR":    {name: "Tradition Study", topics: []string{"traditions"}},
	"W":     {name: "Women", topics: []string{"women"}},
	"X":     {name: "Wheelchair Access", topics: []string{"wheelchair"}, inPerson: true},
	"XB":    {name: "Wheelchair-Accessible Bathroom", topics: []string{"wheelchair"}, inPerson: true},
	"XT":    {name: "Cross Talk Permitted"},
	"Y":     {name: "Young People", topics: []string{"young-people"}},

	"AF":  {name: "Afrikaans", language: "af"},
	"AM":  {name: "Amharic", language: "am"},
	"AR":  {name: "Arabic", language: "ar"},
	"ASL": {name: "American Sign Language", language: "ase", means: meansSigned},
	"BG":  {name: "Bulgarian", language: "bg"},
	"DA":  {name: "Danish", language: "da"},
	"DE":  {name: "German", language: "de"},
	"EL":  {name: "Greek", language: "el"},
	"EN":  {name: "English", language: "en"},
	"FA":  {name: "Persian", language: "fa"},
	"FI":  {name: "Finnish", language: "fi"},
	"FR":  {name: "French", language: "fr"},
	"HE":  {name: "Hebrew", language: "he"},
	"HI":  {name: "Hindi", language: "hi"},
	"HR":  {name: "Croatian", language: "hr"},
	"HU":  {name: "Hungarian", language: "hu"},
	"IS":  {name: "Icelandic", language: "is"},
	"ITA": {name: "Italian", language: "it"},
	"JA":  {name: "Japanese", language: "ja"},
	"KA":  {name: "Georgian", language: "ka"},
	"KOR": {name: "Korean", language: "ko"},
	"LT":  {name: "Lithuanian", language: "lt"},
	"ML":  {name: "Malayalam", language: "ml"},
	"MT":  {name: "Maltese", language: "mt"},
	"NE":  {name: "Nepali", language: "ne"},
	"NL":  {name: "Dutch", language: "nl"},
	"NO":  {name: "Norwegian", language: "no"},
	"POL": {name: "Polish", language: "pl"},
	"POR": {name: "Portuguese", language: "pt"},
	"PUN": {name: "Punjabi", language: "pa"},
	"RUS": {name: "Russian", language: "ru"},
	"S":   {name: "Spanish", language: "es"},
	"SK":  {name: "Slovak", language: "sk"},
	"SL":  {name: "Slovenian", language: "sl"},
	"SV":  {name: "Swedish", language: "sv"},
	"TH":  {name: "Thai", language: "th"},
	"TL":  {name: "Tagalog", language: "fil"},
	"TUR": {name: "Turkish", language: "tr"},
	"UK":  {name: "Ukrainian", language: "uk"},
}

// guideLanguages are languages that the specification has no code for, and feeds name.
var guideLanguages = map[string]string{
	"brazilian portuguese": "pt-BR", "cantonese": "yue", "chinese": "zh-Hans", "creole": "ht", "haitian": "ht", "haitian creole": "ht", "mandarin": "zh-Hans",
	"vietnamese": "vi",
}

const topicOpenToAll = "open-to-all"

// findGuideType knows a type by its code or its English name, in any case.
func findGuideType(text string) (guideType, bool) {
	if t, ok := guideTypes[strings.ToUpper(text)]; ok {
		return t, true
	}
	for _, t := range guideTypes {
		if strings.EqualFold(t.name, text) {
			return t, true
		}
	}
	if lang, ok := guideLanguages[strings.ToLower(text)]; ok {
		return guideType{name: text, language: lang}, true
	}
	return guideType{}, false
}
