using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using GeoEvents.Hosting;

namespace GeoEvents.Coding;

/// <summary>An unordered pair of actors: <c>Between(a, b)</c> equals <c>Between(b, a)</c>. Written <c>AZE-RUS</c>, in ordinal order.</summary>
[JsonConverter(typeof(ParsableJsonConverter<Dyad>))]
public readonly record struct Dyad : IParsable<Dyad>
{
    private Dyad(ActorCode first, ActorCode second) => (First, Second) = (first, second);

    public ActorCode First { get; }

    public ActorCode Second { get; }

    /// <exception cref="ArgumentException">Both sides are the same actor.</exception>
    public static Dyad Between(ActorCode one, ActorCode other) => string.CompareOrdinal(one.ToString(), other.ToString()) switch
    {
        < 0 => new Dyad(one, other),
        > 0 => new Dyad(other, one),
        _ => throw new ArgumentException($"A dyad needs two different actors, not {one} twice.", nameof(other)),
    };

    /// <exception cref="FormatException"><paramref name="s"/> is not two different actor codes joined by a hyphen.</exception>
    public static Dyad Parse(string s) => TryParse(s, out var result) ? result : throw new FormatException($"'{s}' is not a dyad such as AZE-RUS.");

    public static bool TryParse([NotNullWhen(true)] string? s, out Dyad result)
    {
        result = default;
        if (s?.Split('-') is not [var first, var second]
            || !ActorCode.TryParse(first, out var one)
            || !ActorCode.TryParse(second, out var other)
            || one == other)
        {
            return false;
        }

        result = Between(one, other);
        return true;
    }

    static Dyad IParsable<Dyad>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Dyad>.TryParse(string? s, IFormatProvider? provider, out Dyad result) => TryParse(s, out result);

    public override string ToString() => $"{First}-{Second}";
}
