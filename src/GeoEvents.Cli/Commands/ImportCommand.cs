using System.CommandLine;
using System.Text.Json;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Imports;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents import</c>: uploads a file, follows its import to the end, and says what became of the rows.</summary>
public static class ImportCommand
{
    private const int RejectionsShown = 10;

    private const string Example = "01a205ee-ec17-74dc-a8b2-5b2504288454";

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "The file; - is standard input, and what begins with http:// or https:// is fetched by the service" };
        var format = new Option<string?>("--format") { Description = $"{string.Join(", ", ImportFormats.Names)}; found out from the file if not said", HelpName = "NAME" };
        format.AcceptOnlyFromAmong([.. ImportFormats.Names]);
        var mapping = new Option<string?>("--mapping")
        {
            Description = "What the columns of a CSV file mean: the name of a mapping, or a file NAME.json that is kept under its name first",
            HelpName = "NAME|FILE.json",
        };
        var complete = new Option<bool>("--complete") { Description = "The file holds all that its origin has: flag what an earlier file brought and this one lacks" };
        var noWait = new Option<bool>("--no-wait") { Description = "Return once the file is handed over, without following the import" };
        var command = new Command("import", "Load a file of incidents. Loading the same file again changes nothing.")
        {
            file, format, mapping, complete, noWait,
            ListCommand(options),
            OfOne(options, "follow", "Follow an import to its end.", Example, async (session, id, cancel) =>
                await Follow(session, await session.Service.Get($"imports/{id}", cancel), cancel)),
            OfOne(options, "cancel", "Cancel an import; what was recorded stays.", Example, async (session, id, cancel) =>
            {
                await Tell(session, await session.Service.Ask($"imports/{id}/cancel", cancel), cancel);
                return ExitCode.Done;
            }),
            OfOne(options, "resume", "Go on with an import that was cancelled or failed.", Example, async (session, id, cancel) =>
                await Follow(session, await session.Service.Ask($"imports/{id}/resume", cancel), cancel)),
            OfOne(options, "rejected", "Print the rejected rows in the format they came in, each with the reason.", $"{Example} > mend.tsv", async (session, id, cancel) =>
            {
                await using var to = surroundings.RawOutput();
                await session.Service.Download($"imports/{id}/rejected-file", to, cancel);
                return ExitCode.Done;
            }),
        };
        command.WithExamples(
        [
            ("geoevents import 20180101000000.export.CSV", "a GDELT 2.0 file"),
            ("geoevents import case.json --workspace try", "a case document, into a workspace of its own"),
            ("geoevents import events.csv --mapping acled", "your own copy of ACLED's events"),
            ("geoevents import https://example.org/incidents.jsonl", "fetched by the service"),
            ("generate | geoevents import - --format jsonl", "JSON Lines from another program"),
        ],
        "Exit code 0 if every row was taken, known or skipped with a reason; 3 if some were rejected; 1 if the file as a whole could not be read.\n"
            + "Ctrl+C leaves the import to the service; it is followed again by its id.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var path = result.GetValue(file)!;
            if (path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                var draft = new WebFileDraft(path, result.GetValue(format), Complete: result.GetValue(complete));
                var answer = await session.Service.PostAndWait("imports/from-url", JsonSerializer.Serialize(draft, Reading.Options), cancel);
                return result.GetValue(noWait) ? await Tell(session, answer, cancel) : await Follow(session, answer, cancel);
            }

            await using var stream = path == "-" ? surroundings.Input() : Open(path);
            return await Load(
                session, stream, stream.CanSeek ? stream.Length : null, result.GetValue(format), await Keep(session, result.GetValue(mapping), cancel),
                path == "-" ? null : Path.GetFileName(path),
                result.GetValue(complete), wait: !result.GetValue(noWait), cancel);
        });
        return command;
    }

    /// <param name="length">Bytes; null if not known.</param>
    /// <param name="wait">Follow the import to its end.</param>
    internal static async Task<int> Load(
        Session session, Stream file, long? length, string? format, string? mapping, string? name, bool complete, bool wait, CancellationToken cancel)
    {
        ServiceAnswer answer = null!;
        await ImportBar.Shown(session.Screen, async bar =>
        {
            await using var counted = new CountedStream(file, read => bar.Sent(read, length));
            answer = await session.Service.Upload("imports", counted, cancel, ("format", format), ("mapping", mapping), ("name", name), ("complete", complete ? "true" : null));
            answer = wait ? await ToItsEnd(session, answer, bar, cancel) : answer;
        });
        return await Tell(session, answer, cancel);
    }

    /// <summary>Follows an import that is on the service.</summary>
    private static async Task<int> Follow(Session session, ServiceAnswer answer, CancellationToken cancel)
    {
        await ImportBar.Shown(session.Screen, async bar => answer = await ToItsEnd(session, answer, bar, cancel));
        return await Tell(session, answer, cancel);
    }

    /// <summary>By events, and where they end before the import does, by asking again and again.</summary>
    private static async Task<ServiceAnswer> ToItsEnd(Session session, ServiceAnswer answer, ImportBar bar, CancellationToken cancel)
    {
        var id = answer.Read<Import>().Id;
        try
        {
            if (!answer.Read<Import>().Ended)
            {
                await foreach (var now in session.Service.Events($"imports/{id}/events", cancel))
                {
                    answer = now;
                    bar.At(now.Read<Import>());
                }
            }

            for (var pause = FirstPoll; !answer.Read<Import>().Ended; pause = pause * 2 > LongestPoll ? LongestPoll : pause * 2)
            {
                bar.At(answer.Read<Import>());
                await session.Surroundings.Wait(pause, cancel);
                answer = await session.Service.Get($"imports/{id}", cancel);
            }

            return answer;
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(
                ExitCode.Interrupted, $"The import goes on in the service. To follow it: geoevents import follow {id}\nTo cancel it: geoevents import cancel {id}");
        }
    }

    private static async Task<int> Tell(Session session, ServiceAnswer answer, CancellationToken cancel)
    {
        var import = answer.Read<Import>();
        var rejections = !session.Json && import.Rejected > 0
            ? (await session.Service.Get($"imports/{import.Id}/rejections", cancel, ("limit", $"{RejectionsShown}"))).Read<Listed<Rejection>>().Items
            : [];
        if (session.Json)
        {
            session.Screen.Document(answer.Json);
        }
        else
        {
            ImportText.Print(session.Screen, import, rejections);
        }

        return import switch
        {
            { State: ImportState.Failed or ImportState.Cancelled } => ExitCode.Refused,
            { Rejected: > 0 } => ExitCode.RowsRejected,
            _ => ExitCode.Done,
        };
    }

    private static Command ListCommand(GlobalOptions options)
    {
        var command = new Command("list", "List the imports of the workspace, latest first.");
        command.WithExamples([("geoevents import list", "what was loaded, by whom, and what waits")]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var answer = await session.Service.Get("imports", cancel);
            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                ImportText.Print(session.Screen, answer.Read<Listed<Import>>().Items);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command OfOne(
        GlobalOptions options, string name, string what, string example, Func<Session, Guid, CancellationToken, Task<int>> act)
    {
        var id = new Argument<Guid>("ID") { Description = "The import; 'geoevents import list' has its id" };
        var command = new Command(name, what) { id };
        command.WithExamples([($"geoevents import {name} {example}", what.TrimEnd('.'))]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            return await act(session, result.GetValue(id), cancel);
        });
        return command;
    }

    /// <summary>A mapping that is a file is put into the workspace under the file's name.</summary>
    /// <returns>The name.</returns>
    private static async Task<string?> Keep(Session session, string? mapping, CancellationToken cancel)
    {
        if (mapping?.EndsWith(".json", StringComparison.OrdinalIgnoreCase) != true)
        {
            return mapping;
        }

        var name = Path.GetFileNameWithoutExtension(mapping).ToLowerInvariant();
        await using var file = Open(mapping);
        using var text = new StreamReader(file);
        await session.Service.Put($"mappings/{Uri.EscapeDataString(name)}", await text.ReadToEndAsync(cancel), cancel);
        return name;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage(File.Exists(path) ? $"'{path}' cannot be read: {e.Message}" : $"There is no file '{path}'.");
        }
    }
}

/// <summary>Tells how much was read of a stream.</summary>
internal sealed class CountedStream(Stream inner, Action<long> tell) : Stream
{
    private long read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int count)
    {
        read += count;
        tell(read);
        return count;
    }
}
