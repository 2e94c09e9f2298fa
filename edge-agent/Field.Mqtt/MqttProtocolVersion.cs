namespace Field.Mqtt;

/// <summary>The protocol level on the wire (MQTT 3.1.1 §3.1.2.2, MQTT 5.0 §3.1.2.2).</summary>
public enum MqttProtocolVersion
{
    /// <summary>MQTT 3.1.1 (OASIS, 2014), protocol level 4.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0 (OASIS, 2019), protocol level 5.</summary>
    V500 = 5,
}
