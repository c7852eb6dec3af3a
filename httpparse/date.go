package httpparse

// DateSize is the length of a date in bytes.
const DateSize = len("Sun, 06 Nov 1994 08:49:37 GMT")

const (
	weekdays = "ThuFriSatSunMonTueWed" // the first day of 1970 was a Thursday
	months   = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// AppendDate appends a moment, in seconds since 1970, as RFC 9110 §5.6.7 wants it: "Sun, 06 Nov 1994 08:49:37 GMT". It is for clocks: moments before
// 1970 count as 1970, and the year has four digits up to 9999.
func AppendDate(dst []byte, unixSeconds int64) []byte {
	unixSeconds = max(unixSeconds, 0)
	days, second := int(unixSeconds/86400), int(unixSeconds%86400)
	year, month, day := civil(days)
	weekday := days % 7 * 3
	dst = append(dst, weekdays[weekday:weekday+3]...)
	dst = append(dst, ", "...)
	dst = append(appendTwo(dst, day), ' ')
	dst = append(dst, months[3*month:3*month+3]...)
	dst = append(dst, ' ')
	dst = appendTwo(dst, year/100%100)
	dst = append(appendTwo(dst, year%100), ' ')
	dst = append(appendTwo(dst, second/3600), ':')
	dst = append(appendTwo(dst, second/60%60), ':')
	return append(appendTwo(dst, second%60), " GMT"...)
}

// civil is the Gregorian date of a day since 1970; the month counts from 0, the day from 1. Years are reckoned from March,
// so that the leap day is the last of its year: the months before it then begin on fixed days.
func civil(days int) (year, month, day int) {
	const (
		fourYears   = 4*365 + 1
		century     = 25*fourYears - 1
		fourCentury = 4*century + 1
		toMarch0    = 719468 // days from 1 March of the year 0 to 1 January 1970
	)
	days += toMarch0
	era := days / fourCentury
	days %= fourCentury
	n := min(days/century, 3) // the fourth century has a day more
	days -= n * century
	year = 400*era + 100*n + days/fourYears*4
	days %= fourYears
	n = min(days/365, 3)
	days -= n * 365
	year += n
	// From March, the months have 31 30 31 30 31 days, over again: 153 days in five months.
	month = (5*days + 2) / 153
	day = days - (153*month+2)/5 + 1
	if month += 2; month >= 12 {
		return year + 1, month - 12, day
	}
	return year, month, day
}

func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }
