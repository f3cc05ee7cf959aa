using System.Globalization;
using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;

namespace GeoEvents.Imports.Mappings;

/// <summary>Reads incidents from rows as a mapping says.</summary>
/// <param name="mapping">One that <see cref="MappingRules"/> found sound.</param>
internal sealed class RowMapper(CsvMapping mapping)
{
    private const int LongestRole = 64;

    private readonly TermReader id = new(mapping.Id!, mapping);
    private readonly TermReader title = new(mapping.Title!, mapping);
    private readonly TermReader? summary = Reader(mapping.Summary, mapping);
    private readonly TermReader? type = Reader(mapping.Type, mapping);
    private readonly TermReader? cameo = Reader(mapping.Cameo, mapping);
    private readonly DateReader occurred = new(mapping.Occurred!, mapping);
    private readonly List<(TermReader Value, IReadOnlyList<string> Is, string Reason)> conditions =
        [.. mapping.SkipUnless.Select(c => (new TermReader(c.Value!, mapping), c.Is!, c.Reason))];

    private readonly List<(Party Actor, Party Recipient, double Attribution)> links =
        [.. mapping.Links.Select(l => (new Party(l.Actor!, mapping), new Party(l.Recipient!, mapping), l.Attribution))];

    private readonly TermReader? placeName = Reader(mapping.Place?.Name, mapping);
    private readonly Party? country = mapping.Place?.Country is { } c ? new(c, mapping) : null;
    private readonly TermReader? latitude = Reader(mapping.Place?.Latitude, mapping);
    private readonly TermReader? longitude = Reader(mapping.Place?.Longitude, mapping);
    private readonly TermReader? precision = Reader(mapping.Place?.Precision, mapping);
    private readonly People? deaths = People.Of(mapping.Deaths, mapping);
    private readonly People? injured = People.Of(mapping.Injured, mapping);
    private readonly People? detained = People.Of(mapping.Detained, mapping);
    private readonly TermReader? url = Reader(mapping.Report?.Url, mapping);
    private readonly TermReader? quote = Reader(mapping.Report?.Quote, mapping);
    private readonly TermReader? independentSources = Reader(mapping.Report?.IndependentSources, mapping);

    /// <param name="valueOf">The row's value in a column.</param>
    public ImportRow Read(long line, Func<string, string> valueOf, ReadOnlyMemory<byte> raw)
    {
        if (conditions.FirstOrDefault(c => !c.Is.Contains(c.Value.Read(valueOf) ?? "")).Reason is { } unmet)
        {
            return new SkippedRow(line, unmet);
        }

        try
        {
            var found = links.Select(l => (Actor: l.Actor.Read(valueOf), Recipient: l.Recipient.Read(valueOf), l.Attribution)).ToList();
            var between = found.Where(l => l.Actor.Code is not null && l.Recipient.Code is not null && l.Actor.Code != l.Recipient.Code).ToList();
            if (between.Count == 0)
            {
                return new SkippedRow(line, found[0] switch
                {
                    ({ Given: false }, _, _) => "no-first-state",
                    (_, { Given: false }, _) => "no-second-state",
                    ({ Code: null }, _, _) or (_, { Code: null }, _) => "not-a-state",
                    _ => "same-state",
                });
            }

            var (edtf, at) = occurred.Read(valueOf);
            return new IncidentRow(
                line,
                new IncidentDraft
                {
                    Id = $"{mapping.Origin}:{id.Read(valueOf) ?? throw new WrongValueException(id.Column, "The row has no id.")}",
                    Occurred = edtf ?? throw new WrongValueException(at, "Not a date in any format of the mapping."),
                    Title = Titles.Cut(Titles.Name(title.Read(valueOf) ?? throw new WrongValueException(title.Column, "The row has no title.")), IncidentRules.LongestTitle),
                    Summary = summary?.Read(valueOf),
                    Type = Code(type, t => Methods.Shipped.FindType(t) is not null, "The mapping has no type for it.", valueOf),
                    Cameo = Code(cameo, Cameo.IsValid, "The mapping has no CAMEO code for it.", valueOf),
                    Links = [.. between.Select(l => new Link(l.Actor.Code!.Value, l.Recipient.Code!.Value, l.Attribution, l.Actor.Role, l.Recipient.Role))],
                    Place = Place(valueOf),
                    Deaths = deaths?.Read(valueOf),
                    Injured = injured?.Read(valueOf),
                    Detained = detained?.Read(valueOf),
                    Intent = mapping.Intent,
                    Reports = [new ReportDraft(mapping.Source.Id, Url: Address(url?.Read(valueOf)), Quote: quote?.Read(valueOf), IndependentSources: Sources(valueOf))],
                },
                raw);
        }
        catch (WrongValueException e)
        {
            return new RejectedRow(line, e.Column, e.Message, raw);
        }
    }

    private static TermReader? Reader(Term? term, CsvMapping mapping) => term is null ? null : new(term, mapping);

    private static string? Code(TermReader? term, Func<string, bool> known, string missing, Func<string, string> valueOf) =>
        term is null ? null : term.Read(valueOf) is { } code && known(code) ? code : throw new WrongValueException(term.Column, missing);

    private static string? Address(string? text) => text is not null && TextRules.IsWebAddress(text, IncidentRules.LongestUrl) ? text : null;

    private int? Sources(Func<string, string> valueOf) =>
        int.TryParse(independentSources?.Read(valueOf), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= IncidentRules.MostSources
            ? count
            : null;

    private Place? Place(Func<string, string> valueOf)
    {
        var (name, state) = (placeName?.Read(valueOf), country?.Read(valueOf).Code);
        var (north, east) = (Coordinate(latitude, 90, valueOf), Coordinate(longitude, 180, valueOf));
        return (name, state, north) is (null, null, null)
            ? null
            : new Place(
                name is null ? null : Titles.Cut(Titles.Name(name), IncidentRules.LongestTitle), state, east is null ? null : north, north is null ? null : east, Precision(valueOf));
    }

    private PlacePrecision? Precision(Func<string, string> valueOf)
    {
        if (precision?.Read(valueOf) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.SerializeToElement(text).Deserialize<PlacePrecision>(GeoJson.Options);
        }
        catch (JsonException)
        {
            throw new WrongValueException(precision.Column, "Not a precision of places.");
        }
    }

    private static double? Coordinate(TermReader? term, double most, Func<string, string> valueOf) => term?.Read(valueOf) switch
    {
        null => null,
        var text when Degrees.TryRead(text, most, out var degrees) => degrees,
        _ => throw new WrongValueException(term.Column, $"Not a number of degrees up to {most}."),
    };

    /// <summary>One side of a link, or the country of a place.</summary>
    private sealed class Party(MappedActor actor, CsvMapping mapping)
    {
        private readonly TermReader who = new(actor.Who!, mapping);
        private readonly TermReader? role = Reader(actor.Role, mapping);

        /// <returns>Whether the row has a value at all; the actor that it names, and the role.</returns>
        public (bool Given, ActorCode? Code, string? Role) Read(Func<string, string> valueOf)
        {
            var text = who.Read(valueOf);
            return (text is not null, text is null ? null : Find(text), role?.Read(valueOf) is { } said ? Titles.Cut(Titles.Name(said), LongestRole) : null);
        }

        private ActorCode? Find(string text) => actor.By switch
        {
            NamedBy.Name => States.OfName(text),
            NamedBy.Cameo => States.OfCameo(text),
            NamedBy.Fips => States.OfFips(text),
            NamedBy.Iso => ActorCode.TryParse(text, out var state) && States.Find(state) is not null ? state : States.OfIso(text),
            _ => ActorCode.TryParse(text, out var code) ? code : null,
        };
    }

    private sealed class People(TermReader best, TermReader? low, TermReader? high)
    {
        public static People? Of(MappedEstimate? estimate, CsvMapping mapping) =>
            estimate is null ? null : new(new TermReader(estimate.Best!, mapping), Reader(estimate.Low, mapping), Reader(estimate.High, mapping));

        public Estimate? Read(Func<string, string> valueOf) => Number(best, valueOf) is { } number ? new Estimate(number, Number(low, valueOf), Number(high, valueOf)) : null;

        private static long? Number(TermReader? term, Func<string, string> valueOf) => term?.Read(valueOf) switch
        {
            null => null,
            var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new WrongValueException(term.Column, "Not a whole number of people."),
        };
    }

    private sealed class WrongValueException(string column, string reason) : Exception(reason)
    {
        public string Column { get; } = column;
    }
}
