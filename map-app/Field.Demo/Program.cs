using System.CommandLine;
using Field.Demo.Run;

RootCommand root = new("Field のデモ / Field's demo: synthetic data and the whole line, from the drone's card to the map.")
{
    DemoCommands.Run(),
    DemoCommands.Data(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
