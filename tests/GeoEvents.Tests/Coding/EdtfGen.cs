using System.Globalization;
using CsCheck;

namespace GeoEvents.Tests.Coding;

/// <summary>Makes texts by the rules of EDTF as far as we support them.</summary>
internal static class EdtfGen
{
    private static readonly Gen<string> Mark = Gen.OneOf("", "", "", "?", "~", "%");
    private static readonly Gen<string> Year = Gen.Int[0, 9999].Select(year => year.ToString("0000", CultureInfo.InvariantCulture));
    private static readonly Gen<string> Month = Two(1, 12);
    private static readonly Gen<string> Day = Two(1, 28);
    private static readonly Gen<string> Offset = Gen.OneOf<string>(
        Gen.Const(""), Gen.Const("Z"), Two(0, 13).Select(Two(0, 59), (h, m) => $"+{h}:{m}"), Two(1, 11).Select(h => $"-{h}"));

    private static readonly Gen<string> Unspecified = Gen.Select(Year, Month).SelectMany((year, month) =>
        Gen.OneOf($"{year[..3]}X", $"{year[..2]}XX", $"{year}-XX", $"{year}-{month}-XX", $"{year}-XX-XX"));

    /// <summary>Without a qualifier.</summary>
    public static readonly Gen<string> Date = Gen.OneOf<string>(
        Year,
        Gen.Select(Year, Month, (year, month) => $"{year}-{month}"),
        Gen.Select(Year, Month, Day, (year, month, day) => $"{year}-{month}-{day}"),
        Gen.Select(Year, Two(21, 24), (year, season) => $"{year}-{season}"),
        Unspecified);

    private static readonly Gen<string> DateTime = Gen.Select(
        Year, Month, Day, Two(0, 23), Two(0, 59), Gen.OneOf<string>(Gen.Const(""), Two(0, 59).Select(second => ":" + second)), Offset,
        (year, month, day, hour, minute, second, offset) => $"{year}-{month}-{day}T{hour}:{minute}{second}{offset}");

    private static readonly Gen<string> Qualified = Gen.Select(Date, Mark.Array[6], (date, marks) =>
        string.Join('-', date.Split('-').Select((part, i) => marks[2 * i] + part + marks[(2 * i) + 1])));

    private static readonly Gen<string> Member = Gen.OneOf<string>(Date, Qualified);

    private static readonly Gen<string> Range = Gen.Select(Year, Year, (one, other) =>
        string.CompareOrdinal(one, other) <= 0 ? $"{one}..{other}" : $"{other}..{one}");

    private static readonly Gen<string> Set = Gen.Select(
        Gen.OneOf<string>(Member, Range).Array[1, 3], Gen.OneOf("", ".."), Gen.OneOf("", ",2001.."),
        (members, before, after) => $"[{before}{string.Join(',', members)}{after}]");

    private static readonly Gen<string> Interval = Gen.Select(Year, Year, Mark, Mark, Gen.Int[0, 4], (one, other, first, second, form) =>
    {
        var (from, to) = string.CompareOrdinal(one, other) <= 0 ? (one, other) : (other, one);
        return form switch
        {
            0 => $"{from}{first}/..",
            1 => $"{from}{first}/",
            2 => $"../{to}{second}",
            3 => $"{from}-05-06T07:08:09Z/{to}-12-10T09:08+01",
            _ => $"{from}{first}/{to}{second}",
        };
    });

    public static readonly Gen<string> Expression = Gen.OneOf<string>(
        Date, Qualified, DateTime, Interval, Set,
        Gen.Int[1, 9999].Select(year => FormattableString.Invariant($"-{year:0000}")),
        Gen.Long[10_000, 999_999_999_999].Select(year => FormattableString.Invariant($"Y{year}")));

    private static Gen<string> Two(int low, int high) => Gen.Int[low, high].Select(number => number.ToString("00", CultureInfo.InvariantCulture));
}
