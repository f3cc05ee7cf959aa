using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoEvents.Tests.Coding;

/// <summary>A kind of expression that only one of us and edtf.js accepts, and why we are content with that.</summary>
/// <param name="Why">Sections are those of the Library of Congress EDTF specification of 4 February 2019, unless another source is named.</param>
public sealed partial record EdtfDisagreement(string Name, string Why, Func<string, bool> Covers)
{
    public static readonly EdtfDisagreement[] OnlyTheyAccept =
    [
        new("all of a set", "Level 2, 'Set representation', braces: one incident has one date. Refused by design.", text => text.StartsWith('{')),
        new("exponential year", "Level 2, 'Exponential year'. Refused by design.", text => Regex.IsMatch(text, @"Y-?\d+E\d")),
        new("significant digits", "Level 2, 'Significant digits'. Refused by design.", text => Regex.IsMatch(text, @"\dS\d")),
        new("part of a year", "Level 2, 'Sub-year groupings', 25 to 41. Refused by design.",
            text => Regex.IsMatch(text, @"\d-(2[5-9]|3\d|4[01])$")),
        new("X anywhere", "Level 2, 'Unspecified digit'. Refused by design; Level 1 lists the few places where X may stand.",
            text => Regex.IsMatch(text, @"X\d|XXX|\dXX?-|-\dX|-XX-\d")),
        new("decade and century",
            "ISO 8601-2 has years of two or three digits; the specification's 'Date' has year, month and day only.",
            text => Regex.IsMatch(text, @"^-?\d{2,3}[?~%]?$")),
        new("long year without Y", "Level 1, 'Letter-prefixed calendar year': a year of more than four digits begins with Y.",
            text => Regex.IsMatch(text, @"^\d{5,}$")),
        new("space in a set",
            "No example in the specification has a space; text is kept exactly as given, so one spelling is better than two.",
            text => Regex.IsMatch(text, @"^\[.*, ")),
        new("range that runs backwards",
            "'Time Interval': a start and an end, in that order. edtf.js checks this in intervals but not in sets.",
            RunsBackwards),
        new("29 February of a common year", "There is no such day; edtf.js reads 1 March.", NamesNoLeapDay),
        new("24:00",
            "ISO 8601-1:2019 dropped it; the midnight that ends a day is 00:00 of the next.",
            text => text.Contains("T24:00", StringComparison.Ordinal)),
        new("fraction of a second", "'Date and Time' has whole seconds.", text => Regex.IsMatch(text, @":\d\d\.\d")),
        new("minus sign U+2212", "The specification's examples have the hyphen-minus.", text => text.Contains('\u2212')),
    ];

    public static readonly EdtfDisagreement[] OnlyWeAccept =
    [
        new("season qualified, in an interval or in a set",
            "Level 1, 'Seasons': a season stands in place of a month, so the date is one like others; edtf.js has this as its own level 3.",
            text => Season().IsMatch(text)),
        new("X together with a qualifier", "Level 1, 'Qualification of a date (complete)' excepts no date: 2025-06-XX~ is one.",
            text => text.Contains('X') && text.IndexOfAny(['?', '~', '%']) >= 0),
        new("lone year qualified on both sides", "Level 2, 'Qualification': individual (left) and group (right) may both hold for a component.",
            text => Regex.IsMatch(text, @"(^|[\[/,.])[?~%]-?\d{4}[?~%]")),
        new("long year qualified, in an interval or in a set",
            "Level 1, 'Letter-prefixed calendar year' is a date like others.",
            text => Regex.IsMatch(text, @"Y-?\d+[?~%]|[/\[]Y|^Y.*/")),
        new("interval within one unit",
            "2004/2004 begins in 2004 and ends in 2004; edtf.js compares starts only. We refuse an end that is over before the start.",
            EndHoldsStart),
        new("set of unlike or qualified dates",
            "Level 2, 'Set representation' lists [1667,1760-12] and limits neither a range nor a member to one precision.",
            text => Regex.IsMatch(text, @"^\[.*([\dX]\.\.[\d?~%-]|[?~%])")),
    ];

    private static bool RunsBackwards(string text) =>
        Regex.Matches(text, @"(\d[\d-]+)\.\.(\d[\d-]+)").Any(range => string.CompareOrdinal(range.Groups[1].Value, range.Groups[2].Value) > 0);

    private static bool EndHoldsStart(string text) =>
        Regex.Replace(text, "[?~%]", "").Split('/') is [var start, { Length: > 0 } end] && start.StartsWith(end, StringComparison.Ordinal);

    private static bool NamesNoLeapDay(string text) =>
        Regex.Matches(text, @"(\d{4})[?~%]?-[?~%]?02[?~%]?-[?~%]?29")
            .Any(day => !DateTime.IsLeapYear(int.Parse(day.Groups[1].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\d-[?~%]?2[1-4](?!\d)")]
    private static partial Regex Season();
}
