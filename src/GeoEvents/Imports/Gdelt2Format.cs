using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Imports;

/// <summary>GDELT 2.0 event files: 61 tab-separated columns, no header.</summary>
/// <remarks>
/// <para>A row becomes an incident if both its actors have a country code that names a state, and not the same one. Sub-state roles
/// (<c>COP</c>, <c>MIL</c>) stay on the link. Other rows are skipped, counted by reason.</para>
/// <para>Intent is deliberate, since CAMEO codes acts. Reports are not graded, so the method's credibility for ungraded (0.5) counts.</para>
/// <para>Source: GDELT Event Database Data Format Codebook V2.0.</para>
/// </remarks>
public sealed class Gdelt2Format : IImportFormat
{
    private const int Columns = 61;
    private const string SourceId = "gdelt";

    public string Name => "gdelt2";

    public Registrations Registrations { get; } = new(
        Sources: [new SourceDraft(SourceId, "GDELT Project", Reliability.F, "gdelt", Url: "https://www.gdeltproject.org/")]);

    public bool Recognises(ReadOnlySpan<byte> firstLine) => firstLine.Count((byte)'\t') == Columns - 1;

    public async IAsyncEnumerable<ImportRow> Read(Stream file, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in FileLines.Read(file, cancel))
        {
            yield return Row(line);
        }
    }

    public Task WriteRejected(Stream to, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel) => RejectedFile.WriteTabbed(to, rows, cancel);

    private static ImportRow Row(FileLine line)
    {
        var raw = Encoding.UTF8.GetString(line.Bytes);
        ImportRow Reject(string column, string reason) => new RejectedRow(line.Number, column, reason, RejectedRow.Cut(raw));

        if (line.TooLong || !Utf8.IsValid(line.Bytes))
        {
            return Reject("", line.TooLong ? "The line is too long." : "The line is not valid UTF-8.");
        }

        var f = raw.Split('\t');
        if (f.Length != Columns)
        {
            return Reject("", $"A row has {Columns} columns; this one has {f.Length}.");
        }

        if (f[Column.GlobalEventId] is not { Length: > 0 and <= 20 } id || !id.All(char.IsAsciiDigit))
        {
            return Reject("GLOBALEVENTID", "Not a number.");
        }

        if (!DateOnly.TryParseExact(f[Column.Day], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return Reject("SQLDATE", "Not a day as YYYYMMDD.");
        }

        if (!Cameo.IsValid(f[Column.EventCode]))
        {
            return Reject("EventCode", "Not a CAMEO code.");
        }

        if (!DateTime.TryParseExact(f[Column.DateAdded], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var added))
        {
            return Reject("DATEADDED", "Not a time as YYYYMMDDHHMMSS.");
        }

        var (first, second) = (f[Column.Actor1Country], f[Column.Actor2Country]);
        if (first.Length == 0 || second.Length == 0)
        {
            return new SkippedRow(line.Number, first.Length == 0 ? "no-first-state" : "no-second-state");
        }

        if (States.OfCameo(first) is not { } actor || States.OfCameo(second) is not { } recipient)
        {
            return new SkippedRow(line.Number, "not-a-state");
        }

        if (actor == recipient)
        {
            return new SkippedRow(line.Number, "same-state");
        }

        if (!TryPlace(f, out var place))
        {
            return Reject("ActionGeo_Lat", "Latitude and longitude are not two numbers in degrees.");
        }

        var url = f[Column.SourceUrl];
        return new IncidentRow(
            line.Number,
            new IncidentDraft
            {
                Id = $"gdelt:{id}",
                Occurred = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Title = Title(f),
                Cameo = f[Column.EventCode],
                Links = [new Link(actor, recipient, ActorRole: Role(f[Column.Actor1Code], first), RecipientRole: Role(f[Column.Actor2Code], second))],
                Place = place,
                Intent = Intent.Deliberate,
                SourceRecordedAt = new DateTimeOffset(added),
                Reports = [new ReportDraft(SourceId, Url: TextRules.IsWebAddress(url, IncidentRules.LongestUrl) ? url : null)],
            },
            raw);
    }

    /// <summary>What a CAMEO actor code says beyond its country: <c>AUSCOP</c> of <c>AUS</c> is <c>COP</c>.</summary>
    private static string? Role(string code, string country) =>
        code.Replace(country, "", StringComparison.Ordinal) is { Length: > 0 and <= 64 } role ? role : null;

    private static string Title(string[] f)
    {
        var title = $"{NameOf(Column.Actor1Name, Column.Actor1Country)} → {NameOf(Column.Actor2Name, Column.Actor2Country)}: {Cameo.NameOf(f[Column.EventCode])}";
        return title.Length <= IncidentRules.LongestTitle ? title : RejectedRow.Cut(title[..(IncidentRules.LongestTitle - 1)]);

        string NameOf(int name, int country) => new([.. (f[name].Length > 0 ? f[name] : f[country]).Where(c => !char.IsControl(c))]);
    }

    /// <remarks>Some rows have one coordinate without the other; those have a place without coordinates.</remarks>
    /// <returns>False if coordinates are given that are none.</returns>
    private static bool TryPlace(string[] f, out Place? place)
    {
        place = null;
        var (name, fips, latitude, longitude) = (f[Column.ActionPlace], f[Column.ActionCountry], f[Column.ActionLatitude], f[Column.ActionLongitude]);
        if (name.Length == 0 && fips.Length == 0)
        {
            return true;
        }

        double? lat = null, lon = null;
        if (latitude.Length > 0 && longitude.Length > 0)
        {
            if (!double.TryParse(latitude, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) || !(y is >= -90 and <= 90)
                || !double.TryParse(longitude, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) || !(x is >= -180 and <= 180))
            {
                return false;
            }

            (lat, lon) = (y, x);
        }

        PlacePrecision? precision = f[Column.ActionPrecision] switch
        {
            "1" => PlacePrecision.Country,
            "2" or "5" => PlacePrecision.Region,
            "3" or "4" => PlacePrecision.City,
            _ => null,
        };
        place = new Place(name.Length is 0 or > IncidentRules.LongestTitle ? null : name, States.OfFips(fips), lat, lon, precision);
        return true;
    }

    /// <summary>Zero-based columns, in the codebook's order.</summary>
    private static class Column
    {
        public const int GlobalEventId = 0;
        public const int Day = 1;
        public const int Actor1Code = 5;
        public const int Actor1Name = 6;
        public const int Actor1Country = 7;
        public const int Actor2Code = 15;
        public const int Actor2Name = 16;
        public const int Actor2Country = 17;
        public const int EventCode = 26;
        public const int ActionPrecision = 51;
        public const int ActionPlace = 52;
        public const int ActionCountry = 53;
        public const int ActionLatitude = 56;
        public const int ActionLongitude = 57;
        public const int DateAdded = 59;
        public const int SourceUrl = 60;
    }
}
