using System.CommandLine;
using System.Text;
using Field.EdgeAgent.Dji;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Identity;
using Field.EdgeAgent.Locks;
using Field.EdgeAgent.Sensor;
using Field.EdgeAgent.Sim;
using Field.EdgeAgent.Tablet;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
RootCommand root = new("Field's agent on a device: it keeps what the device saw until the headquarters has it.")
{
    DroneCommand.Create(),
    DjiCommand.Create(),
    LockCommand.Create(),
    TabletCommand.Create(),
    EnrolCommand.Create(),
    SensorCommand.Create(),
    SimCommand.Create(),
};

// Ctrl+C: time to say goodbye to the server before the process ends.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
