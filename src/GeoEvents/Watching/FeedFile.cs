using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GeoEvents.Watching;

/// <summary>A file as a feed announces it.</summary>
/// <param name="Size">Bytes; null if nothing says.</param>
/// <param name="Md5">Lower-case hexadecimal; null if nothing says.</param>
/// <param name="PublishedAt">As its name begins (<c>20180101001500</c> or <c>20180101</c>, UTC); null if it does not.</param>
/// <param name="ChangedAt">When a file in a folder was last written.</param>
public sealed partial record FeedFile(string Name, long? Size, string? Md5, DateTimeOffset? PublishedAt, DateTimeOffset? ChangedAt = null)
{
    /// <summary>Bytes.</summary>
    public const long Largest = 4L << 30;

    /// <summary>From one file of a feed to the next, where only their names can tell.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Reads a line of <c>lastupdate.txt</c>: size, MD5, address. Of the address only the file's name counts, so that a list cannot send us elsewhere.</summary>
    /// <returns>Null if it is no such line.</returns>
    public static FeedFile? Parse(ReadOnlySpan<byte> line)
    {
        var parts = Encoding.UTF8.GetString(line).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return parts is [var size, { Length: 32 } md5, var address]
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= Largest
            && md5.All(char.IsAsciiHexDigit)
            && address[(address.LastIndexOf('/') + 1)..] is var name && IsName(name)
                ? new FeedFile(name, bytes, md5.ToLowerInvariant(), TimeOf(name))
                : null;
    }

    /// <summary>Whether it names a file and nothing but a file: no path, nothing hidden.</summary>
    public static bool IsName(string name) => Plain().IsMatch(name);

    public static DateTimeOffset? TimeOf(string name)
    {
        var digits = name[..name.TakeWhile(char.IsAsciiDigit).Count()];
        return DateTimeOffset.TryParseExact(digits, ["yyyyMMddHHmmss", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    /// <summary>The files that would be there if one were published every quarter of an hour, latest first: this one's name at earlier times.</summary>
    /// <returns>None if the name does not begin with a time.</returns>
    public IEnumerable<FeedFile> Before()
    {
        for (var at = PublishedAt - Step; at is { Year: > 1 } time && Name.Length > 14 && char.IsAsciiDigit(Name[13]); at = time - Step)
        {
            yield return new FeedFile(time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + Name[14..], null, null, time);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,199}\z")]
    private static partial Regex Plain();
}
