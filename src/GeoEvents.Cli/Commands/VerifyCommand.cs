using System.CommandLine;
using System.Globalization;
using GeoEvents.Archives;
using GeoEvents.Cli.Rendering;

namespace GeoEvents.Cli.Commands;

/// <summary><c>geoevents verify</c>: whether the log is as it was recorded.</summary>
public static class VerifyCommand
{
    public static Command Create(GlobalOptions options)
    {
        var head = new Option<string?>("--head") { Description = "A head that was kept: as text, or the file it was saved to", HelpName = "HEAD" };
        var save = new Option<string?>("--save-head") { Description = "Save the head of an intact log to a file, to be kept elsewhere", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Write over that file if it is there" };
        var command = new Command("verify", "Verify the log: recompute its chain of hashes and name every fact that was altered, removed, inserted or moved.") { head, save, force };
        command.WithExamples(
        [
            ("geoevents verify", "is everything as it was recorded?"),
            ("geoevents verify --save-head head.txt", "and keep the head of the chain"),
            ("geoevents verify --head head.txt", "is it still the log that had this head?"),
        ]);
        command.SetAction(async (result, cancel) =>
        {
            using var session = options.Open(result);
            var kept = result.GetValue(head);
            kept = kept is null || ChainPoint.TryParse(kept, out _) ? kept
                : File.Exists(kept) ? (await File.ReadAllTextAsync(kept, cancel)).Trim()
                : throw CommandException.Usage($"'{kept}' is neither a head (a position, a colon and 64 hexadecimal digits) nor a file that has one.");
            if (result.GetValue(save) is { } there && File.Exists(there) && !result.GetValue(force))
            {
                throw CommandException.Usage($"{there} is there already, perhaps with a head that is to be kept. To write over it: --force.");
            }

            var answer = await session.Service.Get("log/verification", cancel, ("head", kept));
            var verified = answer.Read<LogVerified>();
            if (session.Json)
            {
                session.Screen.Document(answer.Json);
            }
            else
            {
                Print(session.Screen, session.Connection.Workspace, verified, kept);
            }

            if (verified is { Intact: true, Facts: 0 })
            {
                throw new CommandException(ExitCode.NotFound, $"Workspace {session.Connection.Workspace} has no record. If it should have one, its name is another, or all of it is gone.");
            }

            if (verified.Intact && result.GetValue(save) is { } file)
            {
                await File.WriteAllTextAsync(file, $"{HeadOf(verified)}\n", cancel);
            }

            return verified.Intact ? ExitCode.Done : ExitCode.NotIntact;
        });
        return command;
    }

    private static string HeadOf(LogVerified verified) => string.Create(CultureInfo.InvariantCulture, $"{verified.Facts}:{verified.Hash}");

    private static void Print(Screen screen, string workspace, LogVerified verified, string? kept)
    {
        if (verified.Intact)
        {
            screen.Line($"The log of workspace {workspace} is intact: {Words.Count(verified.Facts, "fact")}{(kept is null ? "" : ", and it is the log that had the head which was kept")}.");
            screen.Line($"Head: {HeadOf(verified)}");
            return;
        }

        screen.Marked($"[red]The log of workspace {Screen.Safe(workspace)} is NOT as it was recorded.[/]");
        var table = new Listing(">position", "fault", "stream", "what");
        foreach (var fault in verified.Faults)
        {
            table.AddRow(fault.Position is { } at ? at.ToString(CultureInfo.InvariantCulture) : "", Words.Kebab(fault.Kind), Screen.Safe(fault.Stream), Screen.Safe(fault.Detail));
        }

        screen.Print(table);
    }
}
