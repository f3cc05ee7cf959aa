using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using GeoEvents.Cli.Commands;
using GeoEvents.Cli.Rendering;
using GeoEvents.Cli.Service;

namespace GeoEvents.Cli;

/// <summary>The whole command line: parses, runs, and turns whatever goes wrong into one message and an exit code.</summary>
public static class CommandLine
{
    private const string Name = "geoevents";

    private static readonly (string Command, string What)[] Examples =
    [
        ("geoevents serve --sample south-caucasus", "start a service with something to look at"),
        ("geoevents show", "the board: every relationship, the tensest first"),
        ("geoevents show AZE-RUS --valid-as-of 2025-07-02", "one relationship, as of a day"),
        ("geoevents log RUS AZE diplomatic-protest \"Note handed over in Baku\"", "put an incident on record"),
    ];

    public static RootCommand Build(Surroundings surroundings)
    {
        var options = new GlobalOptions(surroundings);
        var root = new RootCommand("Incidents between states, and what they add up to: log them, read relationships at any point in time, load files.")
        {
            LogCommand.Create(options, surroundings),
            ShowCommand.Create(options, surroundings),
            TimelineCommand.Create(options, surroundings),
            ContextCommand.Create(options),
            ExplainCommand.Create(options),
            ReplayCommand.Create(options),
            DiffCommand.Create(options),
            WhatIfCommand.Create(options, surroundings),
            VerifyCommand.Create(options),
            ImportCommand.Create(options, surroundings),
            ExportCommand.Create(options, surroundings),
            FeedCommand.Create(options),
            WatchCommand.Create(options, surroundings),
            RuleCommand.Create(options, surroundings),
            AlertsCommand.Create(options),
            SampleCommand.Create(options, surroundings),
            ServeCommand.Create(options),
            CompletionCommand.Create(surroundings),
        };
        // Whatever the file is called that runs, its users and their shells call it so.
        root.Aliases.Add(Name);
        options.AddTo(root);
        root.WithExamples(Examples);
        root.SetAction(result =>
        {
            root.Parse(["--help"]).Invoke(Quiet(surroundings));
            return ExitCode.WrongUsage;
        });
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(string[] args, Surroundings surroundings)
    {
        var parsed = Build(surroundings).Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
        {
            foreach (var message in parsed.Errors.Select(e => e.Message).Distinct())
            {
                await surroundings.Error.WriteLineAsync(message);
            }

            await surroundings.Error.WriteLineAsync($"See '{NameOf(parsed.CommandResult.Command)} --help'.");
            return ExitCode.WrongUsage;
        }

        try
        {
            var invocation = Quiet(surroundings);
            if (parsed.CommandResult.Command.Name == ServeCommand.Name)
            {
                // The service answers Ctrl+C itself, and takes the time it needs to stop its database.
                invocation.ProcessTerminationTimeout = null;
            }

            return await parsed.InvokeAsync(invocation);
        }
        catch (RefusedByServiceException e) when (parsed.GetValue<bool>(GlobalOptions.JsonName))
        {
            await surroundings.Error.WriteLineAsync(e.Document);
            return e.ExitCode;
        }
        catch (CommandException e)
        {
            new Screen(surroundings, noColour: true).Say(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await surroundings.Error.WriteLineAsync("Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            // Whoever read the output went away, as `head` does; or something that nobody thought of. Neither is told by a stack trace.
            await surroundings.Error.WriteLineAsync(e.Message);
            return ExitCode.Refused;
        }
    }

    /// <summary>The names from the root down: <c>geoevents log</c>.</summary>
    internal static string NameOf(Command command) =>
        command is RootCommand ? Name : $"{NameOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static InvocationConfiguration Quiet(Surroundings surroundings) =>
        new() { Output = surroundings.Output, Error = surroundings.Error, EnableDefaultExceptionHandler = false };
}
