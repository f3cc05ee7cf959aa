using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Exports;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents export</c>: the record as a file, as it is or as it was known.</summary>
public static class ExportCommand
{
    private const string Incidents = "incidents";
    private const string Archive = "archive";

    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var what = new Argument<string>("WHAT") { Description = "What: incidents, or the archive, which is the whole log", DefaultValueFactory = _ => Incidents };
        what.AcceptOnlyFromAmong(Incidents, Archive);
        var format = new Option<string>("--format") { Description = $"{string.Join(", ", ExportFormats.Names)}; jsonl can be imported again", DefaultValueFactory = _ => "jsonl", HelpName = "NAME" };
        format.AcceptOnlyFromAmong([.. ExportFormats.Names]);
        var output = new Option<string?>("--output", "-o") { Description = "The file; standard output if not said. It is there once it is whole", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Write over the file if it is there" };
        var point = new PointOptions();
        (Option<string?> Option, string Parameter)[] filters =
        [
            (new("--dyad") { Description = "Only those of a relationship, as AZE-RUS", HelpName = "DYAD" }, "dyad"),
            (new("--actor") { Description = "Only those in which an actor had any part", HelpName = "CODE" }, "actor"),
            (new("--type") { Description = "Only those of a type", HelpName = "TYPE" }, "type"),
            (new("--issue") { Description = "Only those with a tag", HelpName = "TAG" }, "issue"),
            (new("--source") { Description = "Only those that a source reports", HelpName = "ID" }, "source"),
            (new("--country") { Description = "Only those that happened in a state", HelpName = "CODE" }, "country"),
            (new("--bbox") { Description = "Only those within west,south,east,north in degrees", HelpName = "BOX" }, "bbox"),
            (new("--from") { Description = "Only those counted at or after a date", HelpName = "DATE" }, "from"),
            (new("--to") { Description = "Only those counted before a date", HelpName = "DATE" }, "to"),
            (new("--text") { Description = "Only those whose title, summary or place has these words", HelpName = "WORDS" }, "text"),
            (new("--overlay") { Description = "Under a stored counterfactual; everything is marked with its name", HelpName = "NAME" }, "overlay"),
            (new("--limit") { Description = "Of an Atom feed: how many entries; 500 if not said", HelpName = "NUMBER" }, "limit"),
        ];
        var command = new Command("export", "Write the record to a file: now, or as it was known on any day.") { what, format, output, force };
        point.AddTo(command);
        foreach (var (option, _) in filters)
        {
            command.Add(option);
        }

        command.WithExamples(
        [
            ("geoevents export -o record.jsonl", "all incidents, to be imported elsewhere"),
            ("geoevents export --format csv --dyad AZE-RUS -o aze-rus.csv", "a relationship for a spreadsheet"),
            ("geoevents export --format geojson --known-as-of 2025-06-29 > then.geojson", "a map of what was known on a day"),
            ("geoevents export --format stix --from 2025-01-01 -o 2025.stix.json", "a bundle for a threat intelligence platform"),
            ("geoevents export archive -o main.geoevents.jsonl", "every fact as it was recorded, to restore the workspace from"),
        ],
        "A file is written beside its place and put there when it is whole; what stopped half-way leaves none. An archive takes --known-as-of and no other selection. "
            + "What the formats hold: docs/exports.md. How an archive is restored: docs/operations.md.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var archive = result.GetValue(what) == Archive;
            Option[] selecting = [format, .. filters.Select(f => f.Option), point.ValidAsOf, point.Method, point.Mode];
            if (archive && selecting.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } selects)
            {
                throw CommandException.Usage($"An archive has every fact up to --known-as-of; it takes no {selects.Name}.");
            }

            (string Name, string? Value)[] query =
            [
                ("format", result.GetValue(format)),
                .. filters.Select(f => (f.Parameter, f.Parameter == "dyad" ? result.GetValue(f.Option)?.ToUpperInvariant() : result.GetValue(f.Option))),
                .. point.Query(result),
            ];
            query = archive ? [.. query.Where(q => q.Name == "knownAsOf")] : query;
            var address = archive ? "log/archive" : "exports/incidents";
            if (result.GetValue(output) is not { } path || path == "-")
            {
                await using var to = surroundings.RawOutput();
                await Fetch(session, address, to, query, cancel);
                return ExitCode.Done;
            }

            using var file = WholeFile.Open(path, result.GetValue(force));
            var (bytes, shows) = await Fetch(session, address, file.Stream, query, cancel);
            file.Finish();
            session.Screen.Say($"Wrote {path}, {bytes.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} bytes.{(shows is null ? "" : $"\n{shows}")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<(long Bytes, string? Shows)> Fetch(Session session, string address, Stream to, (string, string?)[] query, CancellationToken cancel)
    {
        (long, string?) fetched = default;
        await ImportBar.Shown(session.Screen, "Receiving", async bar => fetched = await session.Service.Download(address, to, bar.Received, cancel, query));
        return fetched;
    }
}

/// <summary>A file that is written beside its place, and put there when it is whole.</summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string path;
    private readonly string beside;
    private readonly bool force;

    private WholeFile(string path, string beside, bool force) =>
        (this.path, this.beside, this.force, Stream) = (path, beside, force, new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true));

    public FileStream Stream { get; }

    /// <param name="force">Whether it may take the place of a file.</param>
    /// <exception cref="CommandException">There is a file, or none can be written.</exception>
    public static WholeFile Open(string path, bool force)
    {
        if (Directory.Exists(path))
        {
            throw CommandException.Usage($"'{path}' is a folder; name a file in it.");
        }

        if (File.Exists(path) && !force)
        {
            throw Exists(path);
        }

        try
        {
            return new WholeFile(path, $"{path}.{Path.GetRandomFileName()}.part", force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandException.Usage($"'{path}' cannot be written: {e.Message}");
        }
    }

    /// <exception cref="CommandException">Meanwhile there is a file.</exception>
    public void Finish()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        try
        {
            File.Move(beside, path, force);
        }
        catch (IOException) when (!force && File.Exists(path))
        {
            throw Exists(path);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(beside);
    }

    private static CommandException Exists(string path) => CommandException.Usage($"'{path}' is there already. Write over it with --force.");
}
