using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Imports.Formats;

/// <summary>ICEWS event files: 20 tab-separated columns, with a header or without.</summary>
/// <remarks>
/// <para>A row becomes an incident if source and target country are states, and not the same one. Sectors stay on the link as roles.
/// Other rows are skipped, counted by reason.</para>
/// <para>An event id is unique only together with its date, so the incident is named after both. Publisher, story and sentence are its summary.</para>
/// <para>Intent is deliberate, since CAMEO codes acts. Reports are not graded.</para>
/// <para>Source: ICEWS Coded Event Data Read Me (Harvard Dataverse, doi:10.7910/DVN/28075).</para>
/// </remarks>
public sealed class IcewsFormat : IImportFormat
{
    /// <summary>As the file's header has them.</summary>
    private static readonly string[] Names =
    [
        "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity", "Target Name", "Target Sectors", "Target Country",
        "Story ID", "Sentence Number", "Publisher", "City", "District", "Province", "Country", "Latitude", "Longitude",
    ];

    private const int Columns = 20;
    private const int LongestRole = 64;
    private const string SourceId = "icews";

    private readonly Recurring<Side> sides = new(Side.Read);
    private readonly Recurring<Spot> spots = new(Spot.Read);
    private readonly Recurring<string> texts = new(Encoding.UTF8.GetString);
    private readonly Recurring<string?> days = new(Day, 1 << 10);

    public string Name => "icews";

    public string? Header { get; private set; }

    public Registrations Registrations { get; } = new(
        Sources: [new SourceDraft(SourceId, "ICEWS", Reliability.F, SourceId, Url: "https://dataverse.harvard.edu/dataverse/icews")]);

    public bool Recognises(ReadOnlySpan<byte> firstLine) => firstLine.Count((byte)'\t') + (firstLine.IndexOf("\trejected_because"u8) < 0 ? 1 : 0) == Columns;

    public async IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, long passOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        var begun = false;
        await foreach (var lines in FileLines.Read(file, cancel))
        {
            var rows = new List<ImportRow>(lines.Count);
            foreach (var line in lines)
            {
                if (!begun && HeaderIn(line) is { } header)
                {
                    Header = header;
                }
                else if (passOver-- <= 0)
                {
                    rows.Add(Row(line));
                }

                begun = true;
            }

            yield return rows;
        }
    }

    public Task WriteRejected(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel) =>
        RejectedRows.WriteTabs(file, header, rows, cancel);

    /// <returns>The line if it names columns; null if it is a row.</returns>
    /// <exception cref="UnreadableFileException">It names others, or in another order, by which rows would be misread.</exception>
    private static string? HeaderIn(FileLine line)
    {
        var header = Encoding.UTF8.GetString(RejectedRows.UnmarkedTabs(line.Bytes).Span);
        var found = header.Split('\t').Select(name => name.Trim(' ', '"')).ToList();
        if (!found.Any(name => name.Equals("Event ID", StringComparison.OrdinalIgnoreCase) || name.Equals("CAMEO Code", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var wrong = Enumerable.Range(0, Math.Max(Names.Length, found.Count))
            .FirstOrDefault(i => !string.Equals(found.ElementAtOrDefault(i), Names.ElementAtOrDefault(i), StringComparison.OrdinalIgnoreCase), -1);
        return wrong < 0 ? header : throw new UnreadableFileException(
            (wrong >= Names.Length ? $"Column {wrong + 1} is '{found[wrong]}', which is none of them."
                : wrong >= found.Count ? $"Column {wrong + 1} is missing, '{Names[wrong]}'."
                : $"Column {wrong + 1} is '{found[wrong]}', not '{Names[wrong]}'.")
            + $" The columns of an ICEWS file are, in this order: {string.Join(", ", Names)}.");
    }

    private ImportRow Row(FileLine read)
    {
        var line = read with { Bytes = RejectedRows.UnmarkedTabs(read.Bytes) };
        ImportRow Reject(string column, string reason) => new RejectedRow(line.Number, column, reason, line.Bytes);

        if (line.TooLong || !Utf8.IsValid(line.Bytes.Span))
        {
            return Reject("", line.TooLong ? "The line is too long." : "The line is not valid UTF-8.");
        }

        var row = new TabRow(line.Bytes.Span, stackalloc int[Columns + 1]);
        if (row.Columns != Columns)
        {
            return Reject("", $"A row has {Columns} columns; this one has {row.Columns}.");
        }

        if (row[Column.EventId] is not { Length: > 0 and <= 20 } id || id.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return Reject("Event ID", "Not a number.");
        }

        if (days.Of(row[Column.EventDate]) is not { } day)
        {
            return Reject("Event Date", "Not a day as YYYY-MM-DD.");
        }

        var cameo = texts.Of(row[Column.CameoCode]);
        if (!Cameo.IsValid(cameo))
        {
            return Reject("CAMEO Code", "Not a CAMEO code.");
        }

        var (source, target) = (
            sides.Of(row.From(Column.SourceName, Column.SourceCountry)), sides.Of(row.From(Column.TargetName, Column.TargetCountry)));
        if (!source.HasCountry || !target.HasCountry)
        {
            return new SkippedRow(line.Number, source.HasCountry ? "no-second-state" : "no-first-state");
        }

        if (source.State is not { } actor || target.State is not { } recipient)
        {
            return new SkippedRow(line.Number, "not-a-state");
        }

        if (actor == recipient)
        {
            return new SkippedRow(line.Number, "same-state");
        }

        var spot = spots.Of(row.From(Column.City, Column.Longitude));
        if (spot.Wrong)
        {
            return Reject("Latitude", "Latitude and longitude are not two numbers in degrees.");
        }

        return new IncidentRow(
            line.Number,
            new IncidentDraft
            {
                Id = $"icews:{day}:{Encoding.ASCII.GetString(id)}",
                Occurred = day,
                Title = Titles.Of(source.Name, target.Name, Cameo.NameOf(cameo)!),
                Summary = Titles.Name($"{texts.Of(row[Column.Publisher])}, story {texts.Of(row[Column.StoryId])}, sentence {texts.Of(row[Column.Sentence])}"),
                Cameo = cameo,
                Links = [new Link(actor, recipient, ActorRole: source.Role, RecipientRole: target.Role)],
                Place = spot.Place,
                Intent = Intent.Deliberate,
                Reports = [new ReportDraft(SourceId)],
            },
            line.Bytes);
    }

    private static string? Day(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes) is var text && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : null;

    /// <summary>A value; empty where the file has none.</summary>
    private static string Given(string text) => text is "NA" or "NULL" ? "" : text;

    /// <summary>Zero-based columns, in the order of the file.</summary>
    private static class Column
    {
        public const int EventId = 0;
        public const int EventDate = 1;
        public const int SourceName = 2;
        public const int SourceCountry = 4;
        public const int CameoCode = 6;
        public const int TargetName = 8;
        public const int TargetCountry = 10;
        public const int StoryId = 11;
        public const int Sentence = 12;
        public const int Publisher = 13;
        public const int City = 14;
        public const int Longitude = 19;
    }

    /// <summary>An actor, from its columns name, sectors and country.</summary>
    private sealed record Side(bool HasCountry, ActorCode? State, string? Role, string Name)
    {
        public static Side Read(ReadOnlySpan<byte> columns)
        {
            var f = Encoding.UTF8.GetString(columns).Split('\t');
            var (name, sectors, country) = (Given(f[0]), Titles.Name(Given(f[1])), Given(f[2]));
            return new Side(
                country.Length > 0,
                States.OfName(country),
                string.IsNullOrWhiteSpace(sectors) ? null : Titles.Cut(sectors, LongestRole),
                Titles.Name(name.Length > 0 ? name : country));
        }
    }

    /// <summary>Where it was, from the columns city, district, province, country, latitude and longitude.</summary>
    /// <param name="Wrong">Coordinates are given that are none.</param>
    private sealed record Spot(Place? Place, bool Wrong = false)
    {
        public static Spot Read(ReadOnlySpan<byte> columns)
        {
            var f = Encoding.UTF8.GetString(columns).Split('\t').Select(Given).ToList();
            var (city, region, country) = (f[0], f[1].Length > 0 ? f[1] : f[2], f[3]);
            var name = Titles.Name(string.Join(", ", new[] { city, f[2], country }.Where(n => n.Length > 0).Distinct()));
            double? latitude = null, longitude = null;
            if (f[4].Length > 0 && f[5].Length > 0 && (!Degrees.TryRead(f[4], 90, out latitude) || !Degrees.TryRead(f[5], 180, out longitude)))
            {
                return new Spot(Place: null, Wrong: true);
            }

            PlacePrecision? precision = (city, region, country) switch
            {
                ({ Length: > 0 }, _, _) => PlacePrecision.City,
                (_, { Length: > 0 }, _) => PlacePrecision.Region,
                (_, _, { Length: > 0 }) => PlacePrecision.Country,
                _ => null,
            };
            return precision is null && latitude is null
                ? new Spot(Place: null)
                : new Spot(new Place(name.Length is 0 or > IncidentRules.LongestTitle ? null : name, States.OfName(country), latitude, longitude, precision));
        }
    }
}
