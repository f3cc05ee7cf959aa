using System.CommandLine;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;
using GeoEvents.Imports;
using GeoEvents.Imports.Formats;
using Spectre.Console;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents import</c>: uploads a file, follows its import to the end, and says what became of the rows.</summary>
public static class ImportCommand
{
    private const int RejectionsShown = 10;

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    public static Command Create(GlobalOptions options, Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "The file; - is standard input" };
        var format = new Option<string?>("--format") { Description = $"{string.Join(", ", ImportFormats.Names)}; found out from the file if not said", HelpName = "NAME" };
        format.AcceptOnlyFromAmong([.. ImportFormats.Names]);
        var mapping = new Option<string?>("--mapping")
        {
            Description = "What the columns of a CSV file mean: the name of a mapping, or a file NAME.json that is kept under its name first",
            HelpName = "NAME|FILE.json",
        };
        var noWait = new Option<bool>("--no-wait") { Description = "Return once the file is handed over, without following the import" };
        var command = new Command("import", "Load a file of incidents. Loading the same file again changes nothing.") { file, format, mapping, noWait };
        command.WithExamples(
        [
            ("geoevents import 20180101000000.export.CSV", "a GDELT 2.0 file"),
            ("geoevents import case.json --workspace try", "a case document, into a workspace of its own"),
            ("geoevents import events.csv --mapping acled", "your own copy of ACLED's events"),
            ("generate | geoevents import - --format jsonl", "JSON Lines from another program"),
        ],
        "Exit code 0 if every row was taken, known or skipped with a reason; 3 if some were rejected; 1 if the file as a whole could not be read.");
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var path = result.GetValue(file)!;
            await using var stream = path == "-" ? surroundings.Input() : Open(path);
            return await Load(
                session, stream, stream.CanSeek ? stream.Length : null, result.GetValue(format), await Keep(session, result.GetValue(mapping), cancel), path == "-" ? null : Path.GetFileName(path),
                wait: !result.GetValue(noWait), cancel);
        });
        return command;
    }

    /// <param name="length">Bytes; null if not known.</param>
    /// <param name="wait">Follow the import to its end.</param>
    internal static async Task<int> Load(
        Session session, Stream file, long? length, string? format, string? mapping, string? name, bool wait, CancellationToken cancel)
    {
        ServiceAnswer answer = null!;
        await Watched(session.Screen, async say =>
        {
            await using var counted = new CountedStream(file, read => say(length is > 0
                ? $"Sending: {Words.Percent((double)read / length.Value)} of {Size(length.Value)}"
                : $"Sending: {Size(read)}"));
            answer = await session.Service.Upload("imports", counted, cancel, ("format", format), ("mapping", mapping), ("name", name));
            for (var pause = FirstPoll; wait && !answer.Read<Import>().Ended; pause = pause * 2 > LongestPoll ? LongestPoll : pause * 2)
            {
                say($"Loading: {Words.Count(answer.Read<Import>().Total, "row")} so far");
                await session.Surroundings.Wait(pause, cancel);
                answer = await session.Service.Get($"imports/{answer.Read<Import>().Id}", cancel);
            }
        });

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
            ImportText.Print(session.Screen, import, rejections, session.Connection);
        }

        return import switch
        {
            { State: ImportState.Failed } => ExitCode.Refused,
            { Rejected: > 0 } => ExitCode.RowsRejected,
            _ => ExitCode.Done,
        };
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

    private static string Size(long bytes) => bytes < 1 << 20 ? $"{bytes / 1024.0:0} kB" : $"{bytes / 1048576.0:0.0} MB";

    /// <summary>Runs a work and shows how far it is where somebody watches.</summary>
    private static Task Watched(Screen screen, Func<Action<string>, Task> work) => screen.Progress is { } terminal
        ? terminal.Status().StartAsync("Sending", status => work(text => status.Status(Screen.Safe(text))))
        : work(_ => { });
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
