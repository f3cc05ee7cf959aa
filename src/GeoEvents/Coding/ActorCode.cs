using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using GeoEvents.Hosting;

namespace GeoEvents.Coding;

/// <summary>
/// A state or another actor, by its code: ISO 3166-1 alpha-3 for states (<c>RUS</c>), a registered code of three to twelve
/// characters, <c>[A-Z][A-Z0-9]{2,11}</c>, for others (<c>OTS</c>, <c>NATO</c>).
/// </summary>
[JsonConverter(typeof(ParsableJsonConverter<ActorCode>))]
public readonly record struct ActorCode : IParsable<ActorCode>
{
    private readonly string? code;

    private ActorCode(string code) => this.code = code;

    /// <exception cref="FormatException"><paramref name="s"/> is not an actor code.</exception>
    public static ActorCode Parse(string s) =>
        TryParse(s, out var result) ? result : throw new FormatException($"'{s}' is not an actor code such as RUS or NATO.");

    public static bool TryParse([NotNullWhen(true)] string? s, out ActorCode result)
    {
        var valid = s is { Length: >= 3 and <= 12 }
            && char.IsAsciiLetterUpper(s[0])
            && s.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
        result = valid ? new ActorCode(s!) : default;
        return valid;
    }

    static ActorCode IParsable<ActorCode>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ActorCode>.TryParse(string? s, IFormatProvider? provider, out ActorCode result) => TryParse(s, out result);

    public override string ToString() => code ?? "";
}
