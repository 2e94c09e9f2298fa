using Field.Bench;

string name = args.FirstOrDefault() ?? "mqtt";
if (name != "mqtt")
{
    await Console.Error.WriteLineAsync($"no bench named {name}; there is: mqtt");
    return 2;
}

await MqttBench.RunAsync();
return 0;
