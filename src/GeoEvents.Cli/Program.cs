using GeoEvents.Cli;

return await CommandLine.Run(args, Surroundings.OfProcess());
