using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace GeoEvents.Coding;

/// <summary>When something happened, as exactly as is known and no more: <c>2025-06-28</c>, <c>2025-02~</c>, <c>2024-12/..</c>.</summary>
/// <remarks>
/// ISO 8601-2:2019 (EDTF) Level 0 and 1, and of Level 2 one of a set and the qualification of components; <c>docs/edtf.md</c> says it in full.
/// Two are equal if their texts are, whatever they resolve to.
/// </remarks>
[JsonConverter(typeof(EdtfJsonConverter))]
public sealed record Edtf : IParsable<Edtf>
{
    /// <summary>The longest text that is read, in UTF-16 code units.</summary>
    public const int MostCharacters = 100;

    private readonly ImmutableArray<EdtfRange> ranges;

    private Edtf(string text, ImmutableArray<EdtfRange> ranges)
    {
        (Text, this.ranges) = (text, ranges);
        IsApproximate = ranges.Any(range => range.Points.Any(point => point.Approximate is not null));
        IsUncertain = ranges.Any(range => range.Points.Any(point => point.Uncertain));
    }

    /// <summary>Exactly as given.</summary>
    public string Text { get; }

    /// <summary>Whether any part is marked <c>~</c> or <c>%</c>.</summary>
    public bool IsApproximate { get; }

    /// <summary>Whether any part is marked <c>?</c> or <c>%</c>.</summary>
    public bool IsUncertain { get; }

    /// <exception cref="FormatException"><paramref name="text"/> is not a supported EDTF date; the message says where and why.</exception>
    public static Edtf Parse(string text) =>
        TryParse(text, out var value, out var error)
            ? value
            : throw new FormatException($"Not a supported EDTF date, at position {error.Position}: {error.Message}");

    /// <summary>Reads any text in time linear in its length, and never throws.</summary>
    /// <param name="error">The first thing wrong with <paramref name="text"/>.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out Edtf? value, [NotNullWhen(false)] out EdtfError? error)
    {
        var ranges = EdtfParser.Parse(text, out error);
        value = error is null ? new Edtf(text!, ranges) : null;
        return value is not null;
    }

    /// <summary>The stretch of time it stands for, as far as it can have happened by <paramref name="recordedAt"/>.</summary>
    /// <param name="recordedAt">When it is recorded, which clips the end and closes an open one: an incident cannot lie in the future.</param>
    /// <param name="zone">Whose days, and whose clock where a date-time states no offset; null is UTC.</param>
    /// <param name="reason">One sentence for a person, where nothing is resolved.</param>
    /// <returns>
    /// False if the start is open, unknown or in the future, a year lies outside 1 to 9999, or the zone puts the end before the start.
    /// </returns>
    /// <remarks>
    /// A later <paramref name="recordedAt"/> never moves the earliest instant and never brings the latest forward.
    /// The interval is empty only where it begins with a date-time that is <paramref name="recordedAt"/> itself.
    /// </remarks>
    public bool TryResolve(
        DateTimeOffset recordedAt, TimeZoneInfo? zone, out ResolvedInterval interval, [NotNullWhen(false)] out string? reason) =>
        EdtfResolution.TryResolve(ranges, recordedAt, zone ?? TimeZoneInfo.Utc, out interval, out reason);

    public bool Equals(Edtf? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;

    static Edtf IParsable<Edtf>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Edtf>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Edtf result) =>
        TryParse(s, out result, out _);
}
