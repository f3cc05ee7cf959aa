using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Imports.Formats;

/// <summary>GDELT event files: tab-separated columns, no header; 61 columns in version 2.0, 58 in version 1.0, and 57 in its files from before April 2013.</summary>
/// <remarks>
/// <para>A row becomes an incident if both its actors have a country code that names a state, and not the same one. Sub-state roles
/// (<c>COP</c>, <c>MIL</c>) stay on the link. Other rows are skipped, counted by reason.</para>
/// <para>Intent is deliberate, since CAMEO codes acts. Reports are not graded; they carry how many sources GDELT counted.</para>
/// <para>Sources: GDELT Event Database Data Format Codebook V2.0 and V1.03.</para>
/// </remarks>
public sealed class GdeltFormat : IImportFormat
{
    private const string SourceId = "gdelt";

    private readonly GdeltLayout layout;
    private readonly Recurring<Side> sides = new(Side.Read);
    private readonly Recurring<Spot> spots;
    private readonly Recurring<Act?> acts = new(Act.Read, 1 << 10);
    private readonly Recurring<string?> days = new(Day, 1 << 10);
    private readonly Recurring<DateTimeOffset?> times;
    private readonly Recurring<string?> addresses = new(Address);

    private GdeltFormat(GdeltLayout layout)
    {
        this.layout = layout;
        spots = new(bytes => Spot.Read(bytes, layout));
        times = new(bytes => Time(bytes, layout.DateAddedPattern), 1 << 10);
    }

    public static GdeltFormat Version1 => new(GdeltLayout.Version1);

    public static GdeltFormat Version2 => new(GdeltLayout.Version2);

    public string Name => layout.Name;

    public Registrations Registrations { get; } = new(
        Sources: [new SourceDraft(SourceId, "GDELT Project", Reliability.F, "gdelt", Url: "https://www.gdeltproject.org/")]);

    public bool Recognises(ReadOnlySpan<byte> firstLine) => layout.Has(firstLine.Count((byte)'\t') + (firstLine.IndexOf("\trejected_because"u8) < 0 ? 1 : 0));

    public async IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, long passOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var lines in FileLines.Read(file, cancel))
        {
            var rows = new List<ImportRow>(lines.Count);
            foreach (var line in lines)
            {
                if (passOver-- <= 0)
                {
                    rows.Add(Row(line));
                }
            }

            yield return rows;
        }
    }

    public Task WriteRejected(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel) =>
        RejectedRows.WriteTabs(file, header, rows, cancel);

    private ImportRow Row(FileLine read)
    {
        var line = read with { Bytes = RejectedRows.UnmarkedTabs(read.Bytes) };
        ImportRow Reject(string column, string reason) => new RejectedRow(line.Number, column, reason, line.Bytes);

        if (line.TooLong || !Utf8.IsValid(line.Bytes.Span))
        {
            return Reject("", line.TooLong ? "The line is too long." : "The line is not valid UTF-8.");
        }

        var row = new TabRow(line.Bytes.Span, stackalloc int[layout.Columns + 1]);
        if (!layout.Has(row.Columns))
        {
            return Reject("", $"A row has {layout.Columns} columns; this one has {row.Columns}.");
        }

        if (row[Column.GlobalEventId] is not { Length: > 0 and <= 20 } id || id.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return Reject("GLOBALEVENTID", "Not a number.");
        }

        if (days.Of(row[Column.Day]) is not { } day)
        {
            return Reject("SQLDATE", "Not a day as YYYYMMDD.");
        }

        if (acts.Of(row[Column.EventCode]) is not { } act)
        {
            return Reject("EventCode", "Not a CAMEO code.");
        }

        if (times.Of(row[layout.DateAdded]) is not { } added)
        {
            return Reject("DATEADDED", $"Not a time as {layout.DateAddedShape}.");
        }

        var (first, second) = (sides.Of(row.From(Column.Actor1Code, Column.Actor1Country)), sides.Of(row.From(Column.Actor2Code, Column.Actor2Country)));
        if (!first.HasCountry || !second.HasCountry)
        {
            return new SkippedRow(line.Number, first.HasCountry ? "no-second-state" : "no-first-state");
        }

        if (first.State is not { } actor || second.State is not { } recipient)
        {
            return new SkippedRow(line.Number, "not-a-state");
        }

        if (actor == recipient)
        {
            return new SkippedRow(line.Number, "same-state");
        }

        var spot = spots.Of(row.From(layout.Action, layout.Action + layout.ActionLongitude));
        if (spot.Wrong)
        {
            return Reject("ActionGeo_Lat", "Latitude and longitude are not two numbers in degrees.");
        }

        return new IncidentRow(
            line.Number,
            new IncidentDraft
            {
                Id = string.Concat("gdelt:", Encoding.ASCII.GetString(id)),
                Occurred = day,
                Title = Titles.Of(first.Name, second.Name, act.Name),
                Cameo = act.Code,
                Links = [new Link(actor, recipient, ActorRole: first.Role, RecipientRole: second.Role)],
                Place = spot.Place,
                Intent = Intent.Deliberate,
                SourceRecordedAt = added,
                Reports =
                [
                    new ReportDraft(
                        SourceId,
                        Url: row.Columns > layout.DateAdded + 1 ? addresses.Of(row[layout.DateAdded + 1]) : null,
                        IndependentSources: Count(row[Column.NumSources])),
                ],
            },
            line.Bytes);
    }

    /// <returns>The day in ISO 8601; null if it is none.</returns>
    private static string? Day(ReadOnlySpan<byte> text) =>
        DateOnly.TryParseExact(Encoding.UTF8.GetString(text), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    private static DateTimeOffset? Time(ReadOnlySpan<byte> text, string pattern) =>
        DateTimeOffset.TryParseExact(Encoding.UTF8.GetString(text), pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <returns>Null if it is no number of sources.</returns>
    private static int? Count(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int count, out var read) && read == text.Length && count is >= 1 and <= IncidentRules.MostSources ? count : null;

    private static string? Address(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text) is var url && TextRules.IsWebAddress(url, IncidentRules.LongestUrl) ? url : null;

    /// <summary>Zero-based columns that both versions have in common, in the codebooks' order.</summary>
    private static class Column
    {
        public const int GlobalEventId = 0;
        public const int Day = 1;
        public const int Actor1Code = 5;
        public const int Actor1Country = 7;
        public const int Actor2Code = 15;
        public const int Actor2Country = 17;
        public const int EventCode = 26;
        public const int NumSources = 32;
    }

    /// <summary>An actor, from its columns code, name and country.</summary>
    /// <param name="HasCountry">Whether a country is given, be it a state or not.</param>
    /// <param name="Role">What the CAMEO actor code says beyond its country: <c>AUSCOP</c> of <c>AUS</c> is <c>COP</c>.</param>
    private sealed record Side(bool HasCountry, ActorCode? State, string? Role, string Name)
    {
        public static Side Read(ReadOnlySpan<byte> columns)
        {
            var f = Encoding.UTF8.GetString(columns).Split('\t');
            var (code, name, country) = (f[0], f[1], f[2]);
            return country.Length == 0
                ? new Side(false, null, null, "")
                : new Side(
                    true,
                    States.OfCameo(country),
                    code.Replace(country, "", StringComparison.Ordinal) is { Length: > 0 and <= 64 } role && !role.Any(char.IsControl) ? role : null,
                    Titles.Name(name.Length > 0 ? name : country));
        }
    }

    /// <summary>What was done.</summary>
    private sealed record Act(string Code, string Name)
    {
        public static Act? Read(ReadOnlySpan<byte> text) =>
            Encoding.UTF8.GetString(text) is var code && Cameo.IsValid(code) ? new Act(code, Cameo.NameOf(code)!) : null;
    }

    /// <summary>Where it was done, from the columns of ActionGeo.</summary>
    /// <param name="Wrong">Coordinates are given that are none.</param>
    private sealed record Spot(Place? Place, bool Wrong = false)
    {
        /// <remarks>Some rows have one coordinate without the other; those have a place without coordinates.</remarks>
        public static Spot Read(ReadOnlySpan<byte> columns, GdeltLayout layout)
        {
            var f = Encoding.UTF8.GetString(columns).Split('\t');
            var (name, fips, latitude, longitude) = (f[1], f[2], f[layout.ActionLongitude - 1], f[layout.ActionLongitude]);
            if (name.Length == 0 && fips.Length == 0)
            {
                return new Spot(Place: null);
            }

            double? lat = null, lon = null;
            if (latitude.Length > 0 && longitude.Length > 0)
            {
                if (!Degrees.TryRead(latitude, 90, out lat) || !Degrees.TryRead(longitude, 180, out lon))
                {
                    return new Spot(Place: null, Wrong: true);
                }
            }

            PlacePrecision? precision = f[0] switch
            {
                "1" => PlacePrecision.Country,
                "2" or "5" => PlacePrecision.Region,
                "3" or "4" => PlacePrecision.City,
                _ => null,
            };
            return new Spot(new Place(name.Length is 0 or > IncidentRules.LongestTitle ? null : name, States.OfFips(fips), lat, lon, precision));
        }
    }
}

/// <summary>Where the versions of GDELT's event files differ: version 1.0 has no second-level division in its three places, and days instead of times.</summary>
/// <param name="Columns">As many as a row has at most.</param>
/// <param name="Fewest">As many as a row has at least.</param>
/// <param name="Action">First column of ActionGeo: type, full name, country, ….</param>
/// <param name="ActionLongitude">Counted from <paramref name="Action"/>; the latitude stands before it.</param>
/// <param name="DateAdded">The column; the address follows it.</param>
internal sealed record GdeltLayout(string Name, int Columns, int Fewest, int Action, int ActionLongitude, int DateAdded, string DateAddedPattern, string DateAddedShape)
{
    public static GdeltLayout Version1 { get; } = new("gdelt1", 58, 57, 49, 5, 56, "yyyyMMdd", "YYYYMMDD");

    public static GdeltLayout Version2 { get; } = new("gdelt2", 61, 61, 51, 6, 59, "yyyyMMddHHmmss", "YYYYMMDDHHMMSS");

    public bool Has(int columns) => columns >= Fewest && columns <= Columns;
}
