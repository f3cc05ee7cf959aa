using System.Text.RegularExpressions;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Watching;

/// <summary>A feed as a client asks for it.</summary>
/// <param name="Address">http or https address of <c>lastupdate.txt</c> or of what it lies in, or the path of a folder on the machine of the service.</param>
/// <param name="Format">Of its files; <c>gdelt2</c> if not said.</param>
/// <param name="Ending">Files whose names end so are taken; <c>.export.CSV.zip</c> if not said.</param>
/// <param name="IntervalSeconds">From one look to the next, 5 seconds to a day; 300 if not said.</param>
/// <param name="From">How far back files are taken; if not said, from the newest of an address on, and all that a folder without a list holds.</param>
public sealed record FeedDraft(string Address = "", string? Format = null, string? Ending = null, int? IntervalSeconds = null, DateTimeOffset? From = null);

/// <summary>Which feeds can be followed.</summary>
public static partial class FeedRules
{
    public const string NewestList = "lastupdate.txt";

    public const string WholeList = "masterfilelist.txt";

    public const string DefaultEnding = ".export.CSV.zip";

    public const int DefaultInterval = 300;

    private const int ShortestInterval = 5;
    private const int LongestInterval = 86_400;
    private const int LongestAddress = 1_000;

    public static IEnumerable<FieldProblem> Check(string name, FeedDraft draft, DateTimeOffset now)
    {
        if (!Names().IsMatch(name))
        {
            yield return FieldProblem.In("feed", "malformed", "A feed is named by 1 to 63 lower-case letters, digits and hyphens, a letter or digit first.");
        }

        if (TextRules.Fault(draft.Address, LongestAddress, required: true, multiline: false) is { } fault)
        {
            yield return FieldProblem.At("/address", fault.Code, fault.Detail);
        }
        else if (Place(draft.Address) is not { } place)
        {
            yield return FieldProblem.At("/address", "malformed", "Neither an http or https address without user, query and fragment, nor the full path of a folder.");
        }
        else if (!IsWeb(place) && !Directory.Exists(place))
        {
            yield return FieldProblem.At("/address", "unknown-folder", "There is no such folder on the machine of the service.");
        }

        if (draft.Format is { } format && ImportFormats.Find(format) is null)
        {
            yield return FieldProblem.At("/format", "unknown-format", $"Not one of: {string.Join(", ", ImportFormats.Names)}.");
        }

        if (draft.Ending is { } ending && !Endings().IsMatch(ending))
        {
            yield return FieldProblem.At("/ending", "malformed", "An ending has 2 to 100 letters, digits, or . _ - and begins with a full stop.");
        }

        if (draft.IntervalSeconds is < ShortestInterval or > LongestInterval)
        {
            yield return FieldProblem.At("/intervalSeconds", "out-of-range", $"From {ShortestInterval} to {LongestInterval:N0} seconds.");
        }

        if (draft.From > now)
        {
            yield return FieldProblem.At("/from", "out-of-range", "That is in the future.");
        }
    }

    /// <summary>The feed as asked for. One that is followed already goes on where it stands; an earlier beginning makes it look back again.</summary>
    public static Feed Feed(string name, FeedDraft draft, Feed? before, string user, DateTimeOffset now)
    {
        var feed = before ?? new Feed
        {
            Name = name,
            Address = "",
            Format = "",
            Ending = "",
            IntervalSeconds = 0,
            User = user,
            CreatedAt = now,
            NextAttempt = now,
        };
        return feed with
        {
            Address = Place(draft.Address)!,
            Format = draft.Format ?? "gdelt2",
            Ending = draft.Ending ?? DefaultEnding,
            IntervalSeconds = draft.IntervalSeconds ?? DefaultInterval,
            From = draft.From ?? feed.From,
            Cursor = draft.From < feed.From ? null : feed.Cursor,
            User = user,
            Failures = 0,
            NextAttempt = now,
        };
    }

    public static bool IsWeb(string place) => place.StartsWith("http://", StringComparison.Ordinal) || place.StartsWith("https://", StringComparison.Ordinal);

    /// <returns>The base address, ending in a slash, or the folder; null if it is neither.</returns>
    private static string? Place(string address)
    {
        if (Path.IsPathFullyQualified(address))
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(address));
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || (uri.UserInfo + uri.Query + uri.Fragment).Length > 0)
        {
            return null;
        }

        var whole = uri.AbsoluteUri.EndsWith("/" + NewestList, StringComparison.Ordinal) ? uri.AbsoluteUri[..^NewestList.Length] : uri.AbsoluteUri;
        return whole.EndsWith('/') ? whole : whole + "/";
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex Names();

    [GeneratedRegex(@"\A\.[A-Za-z0-9._-]{1,99}\z")]
    private static partial Regex Endings();
}
